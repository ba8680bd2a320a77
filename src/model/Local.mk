# SPDX-License-Identifier: LGPL-2.1-or-later
noinst_LIBRARIES += libcinch_model.a
libcinch_model_a_SOURCES = \
	src/model/call_traits.c \
	src/model/collapse.c \
	src/model/collapse.h \
	src/model/evidence.c \
	src/model/fact.c \
	src/model/fact.h \
	src/model/fact_collapsed.c \
	src/model/host_file.c \
	src/model/key.c \
	src/model/key.h \
	src/model/name_table.c \
	src/model/network_facts.c \
	src/model/places.c \
	src/model/profile.c \
	src/model/profile.h \
	src/model/profile_merge.c \
	src/model/record_index.c \
	src/model/run.c \
	src/model/wildcard.c \
	src/model/wildcard.h
