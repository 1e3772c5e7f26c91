#!/usr/bin/env bash
# The native program: it builds without a warning, is small and needs no .NET. (In .ci/run it is what the tests run as a process.)
set -euo pipefail
work=${CI_WORK:?}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# 24 MiB: Npgsql is 3.6 of them, and data that lies there ready instead of packed, which halves the time of a start, about 2.
max_bytes=$((26 * 1024 * 1024))

. .ci/native
find "$native" -type f -printf '%f %s bytes\n'
size=$(find "$native" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')
[ "$size" -le "$max_bytes" ] || { echo "it has $size bytes, more than $max_bytes" >&2; exit 1; }

# An environment without .NET: neither the program nor what it starts may find one.
bare() { env -i PATH=/usr/bin:/bin HOME="$work" DOTNET_ROOT=/nonexistent "$native/token-governance" "$@"; }
bare collect --once --no-status --openclaw-home docs/sample-home --db "$work/usage.db" | tail -2
bare report --db "$work/usage.db" --json > "$work/report.json"
grep -q 1370598 "$work/report.json" || { echo "its report is not as expected:" >&2; cat "$work/report.json" >&2; exit 1; }
bare export-csv --db "$work/usage.db" --out-dir "$work/exports"
