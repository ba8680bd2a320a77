# SPDX-License-Identifier: LGPL-2.1-or-later
# Services under their own drop-in, by a real systemd in a container.
LIVE_TOOLS = \
	tests/live/denials tests/live/gate-service tests/live/probe tests/live/quote tests/live/steps
check_PROGRAMS += $(LIVE_TOOLS)
tests_live_denials_LDADD = $(SECCOMP_LIBS)
tests_live_gate_service_SOURCES = tests/live/gate_service.c
tests_live_gate_service_CFLAGS = -std=gnu17 -Wall -Wextra
tests_live_gate_service_LDFLAGS = -static
tests_live_gate_service_LDADD =
tests_live_probe_SOURCES = tests/live/own.c tests/live/probe.c tests/live/probe.h
tests_live_probe_CFLAGS = -std=gnu17 -Wall -Wextra
tests_live_probe_LDFLAGS = -static
tests_live_probe_LDADD =
# What src/render quotes, for tests/live/quoting to compare with the real systemd.
tests_live_quote_LDADD = $(ROOM_LIBS)
tests_live_steps_CFLAGS = -std=gnu17 -Wall -Wextra
tests_live_steps_LDFLAGS = -static
tests_live_steps_LDADD =
EXTRA_DIST += \
	tests/live/canary tests/live/dropins/notesd-good.conf tests/live/explain tests/live/gate tests/live/harness \
	tests/live/later tests/live/lib.sh tests/live/paths tests/live/peers tests/live/plain \
	tests/live/private tests/live/quoting tests/live/reach tests/live/rig tests/live/run \
	tests/live/stepped.sh tests/live/subject tests/live/surroundings tests/live/units \
	tests/live/values tests/live/written

# The bundled service as anyone would build it: no sanitizer, however cinch itself is built.
check_PROGRAMS += fixtures/services/notesd/notesd
fixtures_services_notesd_notesd_CFLAGS = -std=gnu17 -Wall -Wextra -pthread
fixtures_services_notesd_notesd_LDADD =
EXTRA_DIST += \
	fixtures/services/forking/cinch-forking.service fixtures/services/forking/prepare \
	fixtures/services/forking/second fixtures/services/forking/subject.sh \
	fixtures/services/forking/train fixtures/services/nginx/cinch-nginx.service \
	fixtures/services/nginx/nginx.conf fixtures/services/nginx/prepare \
	fixtures/services/nginx/second fixtures/services/nginx/subject.sh \
	fixtures/services/nginx/train fixtures/services/notesd/cinch-notesd.service \
	fixtures/services/notesd/notesd.conf fixtures/services/notesd/prepare \
	fixtures/services/notesd/second fixtures/services/notesd/subject.sh \
	fixtures/services/notesd/train fixtures/services/pyhttp/cinch-pyhttp.service \
	fixtures/services/pyhttp/prepare fixtures/services/pyhttp/second \
	fixtures/services/pyhttp/subject.sh fixtures/services/pyhttp/train \
	fixtures/services/redis/cinch-redis.service fixtures/services/redis/prepare \
	fixtures/services/redis/redis.conf fixtures/services/redis/second \
	fixtures/services/redis/subject.sh fixtures/services/redis/train fixtures/services/workload.sh

live-tools: all $(LIVE_TOOLS) fixtures/services/notesd/notesd
LIVE_RUN = \
	top_builddir='$(abs_top_builddir)' $(top_srcdir)/tests/live/run
check-live: live-tools
	$(LIVE_RUN) '$(abs_top_builddir)/cinch' $(LIVE_TESTS)
# The same under the systemd of Debian 12 and of Debian 13, in trees of their packages.
check-live-252: live-tools
	$(LIVE_RUN) --systemd 252 '$(abs_top_builddir)/cinch' $(LIVE_TESTS)
check-live-257: live-tools
	$(LIVE_RUN) --systemd 257 '$(abs_top_builddir)/cinch' $(LIVE_TESTS)
.PHONY: check-live check-live-252 check-live-257 live-tools
