# SPDX-License-Identifier: LGPL-2.1-or-later
# Takes minutes; needs redis, nginx, wrk, ab and strace, and says what it left out.
bench: all
	$(top_srcdir)/tests/bench/run '$(abs_top_builddir)/cinch' \
		--write $(top_srcdir)/docs/BENCHMARKS.md
# What a program can reach in the sandboxes of packaged services; also needs what check-live needs.
EXTRA_PROGRAMS += tests/bench/reach
tests_bench_reach_CFLAGS = -std=gnu17 -Wall -Wextra
tests_bench_reach_LDFLAGS = -static
tests_bench_reach_LDADD =
bench-tightness: all tests/bench/reach
	$(top_srcdir)/tests/bench/tightness '$(abs_top_builddir)/cinch' \
		'$(abs_top_builddir)/tests/bench/reach' --write $(top_srcdir)/docs/BENCHMARKS.md
EXTRA_DIST += tests/bench/run tests/bench/tightness tests/bench/tightness-inside
.PHONY: bench bench-tightness
