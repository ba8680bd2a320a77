# SPDX-License-Identifier: LGPL-2.1-or-later
# What a training takes of memory.
check_PROGRAMS += tests/memory/subject
tests_memory_subject_CFLAGS = -std=gnu17 -Wall -Wextra
tests_memory_subject_LDADD =
EXTRA_DIST += tests/memory/run
MEMORY_RUN = \
	'$(abs_top_builddir)/cinch' '$(abs_top_builddir)/tests/memory/subject'
check-memory: all tests/memory/subject
	$(top_srcdir)/tests/memory/run $(MEMORY_RUN)
soak-memory: all tests/memory/subject
	$(top_srcdir)/tests/memory/run --full $(MEMORY_RUN)
.PHONY: check-memory soak-memory
