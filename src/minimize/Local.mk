# SPDX-License-Identifier: LGPL-2.1-or-later
noinst_LIBRARIES += libcinch_minimize.a
libcinch_minimize_a_SOURCES = \
	src/minimize/cover.c \
	src/minimize/cover_budget.c \
	src/minimize/sets.c
