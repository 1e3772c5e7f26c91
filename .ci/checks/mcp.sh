#!/usr/bin/env bash
# `mcp` under the protocol's own client (npm @modelcontextprotocol/sdk, MIT): three questions, three answers, and one that is wrong.
set -euo pipefail
program=(dotnet "$PWD/src/TokenGovernance/bin/Release/net10.0/token-governance.dll")

. .ci/debian
command -v npm >/dev/null || missing "there is no npm"
cp .ci/checks/mcp/check.mjs "$CI_WORK/"
(cd "$CI_WORK" && timeout 180 npm install --no-audit --no-fund --silent @modelcontextprotocol/sdk@1.32.2) || missing "@modelcontextprotocol/sdk could not be installed"

cp -r docs/sample-home "$CI_WORK/home"
"${program[@]}" collect --once --no-status --db "$CI_WORK/usage.db" --openclaw-home "$CI_WORK/home" >/dev/null
cd "$CI_WORK"
timeout 120 node check.mjs "${program[@]}" mcp --db "$CI_WORK/usage.db"
