# SPDX-License-Identifier: LGPL-2.1-or-later
noinst_LIBRARIES += libcinch_manager.a
libcinch_manager_a_SOURCES = \
	src/manager/unit_find.c \
	src/manager/unit_find.h \
	src/manager/unit_paths.c \
	src/manager/unit_paths.h \
	src/manager/unit_read.c
