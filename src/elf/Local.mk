# SPDX-License-Identifier: LGPL-2.1-or-later
noinst_LIBRARIES += libcinch_elf.a
libcinch_elf_a_SOURCES = \
	src/elf/arch.c \
	src/elf/arch.h \
	src/elf/closure.c \
	src/elf/expand.c \
	src/elf/file.c \
	src/elf/file.h \
	src/elf/hwcaps.c \
	src/elf/image.c \
	src/elf/image.h \
	src/elf/jit.c \
	src/elf/ldcache.c \
	src/elf/ldcache.h \
	src/elf/loader.c \
	src/elf/loader.h \
	src/elf/process_modules.c \
	src/elf/program.c \
	src/elf/program.h \
	src/elf/script.c \
	src/elf/script.h \
	src/elf/search.c \
	src/elf/search.h
