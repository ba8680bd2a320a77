# SPDX-License-Identifier: LGPL-2.1-or-later
# Programs that cinch traces.
TRACE_TOOLS = tests/trace/report tests/trace/running tests/trace/tracee
check_PROGRAMS += $(TRACE_TOOLS)
tests_trace_tracee_SOURCES = \
	tests/trace/clones.c tests/trace/known.c tests/trace/names.c tests/trace/odd.c \
	tests/trace/paths.c tests/trace/privileges.c tests/trace/races.c tests/trace/signals.c \
	tests/trace/sockets.c tests/trace/tasks.c tests/trace/tracee.c tests/trace/tracee.h
tests_trace_tracee_LDADD = -lpthread -lutil
tests_trace_report_CFLAGS = -std=gnu17 -Wall -Wextra
tests_trace_report_LDADD =
tests_trace_running_CFLAGS = -std=gnu17 -Wall -Wextra
tests_trace_running_LDADD = -lpthread
EXTRA_DIST += \
	tests/trace/invisible tests/trace/joining tests/trace/outsiders tests/trace/phases \
	tests/trace/run tests/trace/taken

# TRACER: the cinch that is tested; one built with sanitizers traces programs built without.
TRACER = $(abs_top_builddir)/cinch
check-trace: all $(TRACE_TOOLS)
	for script in run invisible joining phases taken outsiders; do \
		top_builddir='$(abs_top_builddir)' \
			$(top_srcdir)/tests/trace/$$script '$(TRACER)' || exit 1; \
	done
check-valgrind: all tests/trace/tracee tests/trace/running
	$(top_srcdir)/tests/soak/valgrind --trainings '$(abs_top_builddir)'
.PHONY: check-trace check-valgrind
