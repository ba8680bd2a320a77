# SPDX-License-Identifier: LGPL-2.1-or-later
noinst_LIBRARIES += libcinch_store.a
libcinch_store_a_SOURCES = \
	src/store/codec.c \
	src/store/codec.h \
	src/store/codec_words.c \
	src/store/emit.c \
	src/store/emit.h \
	src/store/fact_record.c \
	src/store/fact_record.h \
	src/store/json_reader.c \
	src/store/json_reader.h \
	src/store/read.c \
	src/store/scan.c \
	src/store/scan.h \
	src/store/store.c \
	src/store/syscalls.c \
	src/store/syscalls.h \
	src/store/write.c
