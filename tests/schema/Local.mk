# SPDX-License-Identifier: LGPL-2.1-or-later
# Written profiles against their schema.
check_PROGRAMS += tests/unit/store/write_profiles
tests_unit_store_write_profiles_SOURCES = \
	tests/unit/random_profile.c tests/unit/random_profile.h tests/unit/store/write_profiles.c
tests_unit_store_write_profiles_LDADD = $(ROOM_LIBS)
TESTS += tests/schema/run
EXTRA_DIST += tests/schema/run tests/schema/validate.py
