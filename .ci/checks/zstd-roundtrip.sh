#!/usr/bin/env bash
# Decodes what the zstd program compressed, at many levels and sizes. Installs the program where it is missing.
set -euo pipefail

frames=150
seed=1

. .ci/debian
command -v zstd > /dev/null || install_debian zstd
command -v zstd > /dev/null || { echo "error: the zstd program is missing and cannot be installed; run 'apt-get install zstd' and try again" >&2; exit 1; }

"$(dirname "$0")/../../tests/zstd-roundtrip.sh" "$frames" "$seed"
