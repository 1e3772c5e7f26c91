#!/usr/bin/env bash
# Whatever one folder or file of a home may not be read: the rest is collected, and one line says it.
set -euo pipefail
python3 tests/unreadable.py src/TokenGovernance/bin/Release/net10.0/token-governance "$CI_WORK"
