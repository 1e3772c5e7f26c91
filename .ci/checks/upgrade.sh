#!/usr/bin/env bash
# From version 0.1.0, by its real program: a store of 100,000 responses, upgraded while its daemon runs, killed in the middle, and right afterwards.
set -euo pipefail
. .ci/debian
work=${CI_WORK:?}
# What was called version 0.1.0.
commit=2eb74d73ba15f85e63d1e5e7a498eb4a4484aab5
git cat-file -e "$commit" 2>/dev/null || missing "the history of this clone does not reach back to version 0.1.0"

mkdir "$work/source"
git archive "$commit" | tar -x -C "$work/source"
(cd "$work/source" && dotnet publish src/TokenGovernance -c Release -o "$work/old" -p:RestoreLockedMode=false -p:RunAnalyzers=false -v quiet)
new=$PWD/src/TokenGovernance/bin/Release/net10.0/token-governance
python3 .ci/checks/upgrade/upgrade.py "$work/old/token-governance" "$new" "$work"
