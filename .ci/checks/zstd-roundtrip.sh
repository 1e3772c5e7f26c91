#!/usr/bin/env bash
# Decodes what the zstd program compressed, at many levels and sizes. Installs the program where it is missing.
set -euo pipefail

frames=150
seed=1

if ! command -v zstd > /dev/null; then
    echo "zstd is missing: installing it"
    sudo=()
    [ "$(id -u)" = 0 ] || sudo=(sudo -n)
    { "${sudo[@]}" apt-get update -qq || true; "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq zstd || true; } > /dev/null
    if ! command -v zstd > /dev/null; then
        echo "error: the zstd program is missing and cannot be installed; run 'apt-get install zstd' and try again" >&2
        exit 1
    fi
fi

"$(dirname "$0")/../../tests/zstd-roundtrip.sh" "$frames" "$seed"
