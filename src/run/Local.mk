# SPDX-License-Identifier: LGPL-2.1-or-later
noinst_LIBRARIES += libcinch_run.a
libcinch_run_a_SOURCES = \
	src/run/checkpoint.c \
	src/run/checkpoint.h \
	src/run/compilers.c \
	src/run/control.c \
	src/run/control_group.c \
	src/run/control_group.h \
	src/run/environment_file.c \
	src/run/first_exec.c \
	src/run/gate_error.c \
	src/run/gate_socket.c \
	src/run/gate_socket.h \
	src/run/join.c \
	src/run/join.h \
	src/run/knock.c \
	src/run/phase.c \
	src/run/pid1.c \
	src/run/pid1.h \
	src/run/pid1_start.c \
	src/run/progress.c \
	src/run/progress.h \
	src/run/ready.c \
	src/run/ready.h \
	src/run/run_record.c \
	src/run/signals.c \
	src/run/signals.h \
	src/run/start.c \
	src/run/start.h \
	src/run/start_limits.c \
	src/run/start_unit.c \
	src/run/subject.c \
	src/run/subject.h \
	src/run/subject_census.c \
	src/run/tally.c \
	src/run/train.c \
	src/run/training.h \
	src/run/unstopped_calls.c \
	src/run/workload.c \
	src/run/workload.h
