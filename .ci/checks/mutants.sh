#!/usr/bin/env bash
# Shows that the tests bite: a few of the deliberate defects of tests/mutants/mutants.txt, one of each kind.
# All of them: tests/mutants.py (about half an hour on two cores).
set -euo pipefail
TMPDIR="$CI_WORK" python3 tests/mutants.py torn-line-consumed headerless-claims-ownership memory-ahead-of-store storage-uses-reports
