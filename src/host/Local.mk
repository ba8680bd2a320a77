# SPDX-License-Identifier: LGPL-2.1-or-later
noinst_LIBRARIES += libcinch_host.a
libcinch_host_a_SOURCES = \
	src/host/account_groups.c \
	src/host/census.c \
	src/host/census.h \
	src/host/census_pin.c \
	src/host/count.c \
	src/host/filesystem_type.c \
	src/host/mount_points.c \
	src/host/packages.c \
	src/host/path_set.c \
	src/host/secrets.c \
	src/host/settings.c
