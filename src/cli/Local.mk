# SPDX-License-Identifier: LGPL-2.1-or-later
noinst_LIBRARIES += libcinch_cli.a
libcinch_cli_a_SOURCES = \
	src/cli/chosen.c \
	src/cli/chosen.h \
	src/cli/cli.c \
	src/cli/cli.h \
	src/cli/cmd_check.c \
	src/cli/cmd_elf.c \
	src/cli/cmd_explain.c \
	src/cli/cmd_show.c \
	src/cli/cmd_suggest.c \
	src/cli/cmd_train.c \
	src/cli/help.c \
	src/cli/output.c \
	src/cli/output.h \
	src/cli/status.c \
	src/cli/status.h \
	src/cli/suggest_arguments.c \
	src/cli/suggest_arguments.h \
	src/cli/summary.c \
	src/cli/summary.h \
	src/cli/train_arguments.c \
	src/cli/train_arguments.h \
	src/cli/train_output.c \
	src/cli/train_output.h
