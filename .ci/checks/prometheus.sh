#!/usr/bin/env bash
# A real Prometheus scrapes the real `serve` while a real daemon collects: over appends, a restart of both, a rescan, and evidence that comes late.
# What it says was used is what was used, and what promtool says of our metrics, rules and their tests is nothing. About three minutes.
set -euo pipefail
program="dotnet src/TokenGovernance/bin/Release/net10.0/token-governance.dll"

as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi; }
missing() { echo "not checked here: $1"; exit 0; }
command -v prometheus >/dev/null || { as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive as_root apt-get install -y -qq prometheus; } >/dev/null 2>&1 || true
command -v prometheus >/dev/null && command -v promtool >/dev/null || missing "there is no prometheus, and it could not be installed"

python3 .ci/checks/prometheus/check.py "$CI_WORK" $program
