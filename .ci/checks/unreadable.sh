#!/usr/bin/env bash
# Whatever one folder or file of a home may not be read: the rest is collected, and one line says it.
# The native program is taken where the check before this one has built it: it starts faster, and this starts it 500 times.
set -euo pipefail
program="$CI_WORK/../native/native/token-governance"
[ -x "$program" ] || program=src/TokenGovernance/bin/Release/net10.0/token-governance
python3 tests/unreadable.py "$program" "$CI_WORK"
