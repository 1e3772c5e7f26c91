#!/usr/bin/env bash
# Whatever one folder or file of a home may not be read: the rest is collected, and one line says it.
set -euo pipefail
. .ci/program # This starts it 500 times.
[ "${#program[@]}" = 1 ] || program=(src/TokenGovernance/bin/Release/net10.0/token-governance)
python3 tests/unreadable.py "${program[0]}" "$CI_WORK"
