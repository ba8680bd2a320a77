# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by the checks of this folder: works from the top of the sources and counts its findings.
# A check prints every finding as FILE:LINE: what, and exits 0, 1, or 77 for a skip with its reason.
set -euo pipefail
LC_ALL=C
export LC_ALL
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$top"

# The files of the project, one a line: what git tracks or would, else (a tarball) what lies there.
project_files() {
    if [ -e .git ] && git rev-parse --git-dir >/dev/null 2>&1; then
        git ls-files --cached --others --exclude-standard | while read -r file; do
            if [ -f "$file" ]; then echo "$file"; fi
        done
    else
        (shopt -s nullglob && find bootstrap .ci configure.ac Makefile.am README.md \
            docs* include* src* tests* fixtures* -type f -not -path '*/.deps/*' -not -name '*.o' \
            -not -name '*.log' -not -name '*.trs' | sort)
    fi
}

# Those of them that are C.
c_files() {
    project_files | grep -E '^(src|include|tests)/.*\.[ch]$' || true
}

# Exits by whether the findings file is empty, and says how many there were.
finish() { # NAME FINDINGS
    if [ -s "$2" ]; then
        cat "$2"
        echo "$1: $(wc -l <"$2") finding(s)"
        exit 1
    fi
    echo "$1: nothing found"
}

skip() { # REASON
    echo "skipped: $*"
    exit 77
}

findings=$(mktemp)
trap 'rm -f "$findings"' EXIT
