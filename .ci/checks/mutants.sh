#!/usr/bin/env bash
# Shows that the tests bite: two of the deliberate defects of tests/mutants/mutants.txt.
# All of them: tests/mutants.py (about half an hour on two cores).
set -euo pipefail
TMPDIR="$CI_WORK" python3 tests/mutants.py torn-line-consumed storage-uses-reports
