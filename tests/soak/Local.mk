# SPDX-License-Identifier: LGPL-2.1-or-later
# What takes long: stress-ng's stressors under cinch, and the unit tests under valgrind.
soak: all $(check_PROGRAMS)
	$(top_srcdir)/tests/memory/run --full $(MEMORY_RUN)
	$(top_srcdir)/tests/soak/valgrind '$(abs_top_builddir)'
	$(top_srcdir)/tests/soak/run --report '$(abs_top_srcdir)/docs/SOAK.md' \
		'$(abs_top_builddir)/cinch'
EXTRA_DIST += tests/soak/run tests/soak/valgrind
.PHONY: soak
