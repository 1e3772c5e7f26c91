#!/usr/bin/env bash
# A real Prometheus scrapes the real `serve` while a real daemon collects: over appends, a restart of both, a rescan, an upgrade, the import of an older database, and evidence that comes late.
# What it says was used is what was used, and what promtool says of our metrics, rules and their tests is nothing. About three minutes.
set -euo pipefail
. .ci/program
. .ci/debian
command -v prometheus >/dev/null || install_debian prometheus
command -v prometheus >/dev/null && command -v promtool >/dev/null || missing "there is no prometheus, and it could not be installed"

python3 .ci/checks/prometheus/check.py "$CI_WORK" "${program[@]}"
