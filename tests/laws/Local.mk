# SPDX-License-Identifier: LGPL-2.1-or-later
# What is derived against what the evaluator allows, on services made up at random.
LAW_TESTS = tests/laws/test_fit tests/laws/test_laws tests/laws/test_limits
