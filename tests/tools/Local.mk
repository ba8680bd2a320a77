# SPDX-License-Identifier: LGPL-2.1-or-later
# Checks of the sources; ./bootstrap check runs every target here and has what it needs installed.
SOURCE_CHECKS = \
	tests/tools/check-files \
	tests/tools/check-format \
	tests/tools/check-layers \
	tests/tools/check-objects \
	tests/tools/check-pages \
	tests/tools/check-size \
	tests/tools/check-words \
	tests/tools/test-tools \
	tests/tools/tests-page
TESTS += $(SOURCE_CHECKS)
EXTRA_DIST += \
	tests/tools/check-dist tests/tools/check-files tests/tools/check-format \
	tests/tools/check-install tests/tools/check-layers tests/tools/check-objects \
	tests/tools/check-pages tests/tools/check-size tests/tools/check-words \
	tests/tools/common.sh tests/tools/count.py tests/tools/cross \
	tests/tools/demo tests/tools/stages tests/tools/test-tools tests/tools/tests-page \
	tests/tools/tree

check-fuzz:
	$(top_srcdir)/tests/tools/stages sanitizers fuzz
check-cli: all
	$(top_srcdir)/tests/cli/run '$(abs_top_builddir)/cinch'
check-oracle: all
	python3 $(top_srcdir)/tests/oracle/run.py '$(abs_top_builddir)/cinch'
.PHONY: check-fuzz check-cli check-oracle
