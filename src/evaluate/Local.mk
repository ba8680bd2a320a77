# SPDX-License-Identifier: LGPL-2.1-or-later
noinst_LIBRARIES += libcinch_evaluate.a
libcinch_evaluate_a_SOURCES = \
	src/evaluate/allows.c \
	src/evaluate/allows.h \
	src/evaluate/allows_calls.c \
	src/evaluate/allows_capabilities.c \
	src/evaluate/allows_default.c \
	src/evaluate/allows_filesystems.c \
	src/evaluate/allows_groups.c \
	src/evaluate/allows_mounts.c \
	src/evaluate/allows_move.c \
	src/evaluate/allows_network.c \
	src/evaluate/allows_others.c \
	src/evaluate/allows_path.c \
	src/evaluate/allows_private.c \
	src/evaluate/allows_settings.c \
	src/evaluate/allows_unit_filter.c \
	src/evaluate/allows_view.c \
	src/evaluate/allows_walk.c \
	src/evaluate/evaluation.c
