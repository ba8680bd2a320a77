# SPDX-License-Identifier: LGPL-2.1-or-later
# Recorded profiles and the drop-ins made from them.
TESTS += tests/golden/forms tests/golden/run
EXTRA_DIST += tests/golden/forms tests/golden/record tests/golden/run
