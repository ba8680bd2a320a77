# SPDX-License-Identifier: LGPL-2.1-or-later
# The tables of calls and directives, and the page made from the latter.
TABLE_TESTS = tests/tables/test_directive_table tests/tables/test_role_table
check_PROGRAMS += tests/tables/directives_page
tests_tables_directives_page_LDADD = $(ROOM_LIBS)
TESTS += tests/tables/directives-page
EXTRA_DIST += tests/tables/directives-page
