# SPDX-License-Identifier: LGPL-2.1-or-later
noinst_LIBRARIES += libcinch_base.a
libcinch_base_a_SOURCES = \
	src/base/err.c \
	src/base/fd.c \
	src/base/fd_below.c \
	src/base/mem.c \
	src/base/owner.c \
	src/base/path.c \
	src/base/path_index.c \
	src/base/proc.c \
	src/base/proc_path.c \
	src/base/process.c \
	src/base/str.c \
	src/base/strings.c \
	src/base/text.c
