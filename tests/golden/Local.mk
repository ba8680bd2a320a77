# SPDX-License-Identifier: LGPL-2.1-or-later
# Recorded profiles and the drop-ins made from them.
TESTS += tests/golden/run
EXTRA_DIST += tests/golden/run tests/golden/record
