#!/usr/bin/env bash
# What people install works: the portable tool, and the native tool packages of a release.
set -euo pipefail
work=${CI_WORK:?}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
locks=$(cksum src/*/packages.lock.json tests/*/packages.lock.json)
version=$(sed -n 's|.*<Version>\(.*\)</Version>.*|\1|p' Directory.Build.props)

try() { # program, folder
  local db=$2/usage.db
  [ "$("$1" --version)" = "$version" ] || { echo "$1 does not say $version" >&2; return 1; }
  "$1" init --db "$db"
  "$1" collect --once --no-status --openclaw-home docs/sample-home --db "$db" | tail -2
  "$1" export-csv --db "$db" --out-dir "$2/exports"
  python3 - "$2/exports/usage_events.csv" docs/sample-home.expected.json <<'PY'
import csv, json, sys
want = json.load(open(sys.argv[2]))["totals"]
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
got = (len(rows), sum(int(r["total_tokens"]) for r in rows))
assert got == (want["events"], want["total"]), (got, want)
PY
}

echo "dotnet tool install"
dotnet pack src/TokenGovernance -c Release --no-build -o "$work/packages" | tail -1
dotnet tool install TokenGovernance --version "$version" --tool-path "$work/tool" --source "$work/packages"
mkdir "$work/by-tool" && try "$work/tool/token-governance" "$work/by-tool"

echo "the packages of a release: a native one for this platform, and the one that points to it"
.ci/pack-tool "$work/release" linux-x64
.ci/pack-tool "$work/release" pointer
find "$work/release" -type f -printf '%f %s bytes\n'
dotnet tool install TokenGovernance --version "$version" --tool-path "$work/native-tool" --source "$work/release"
[ -z "$(find "$work/native-tool" -name token-governance.dll)" ] || { echo "the installed tool is not the native one" >&2; exit 1; }
if [ -n "${CI_NATIVE:-}" ]; then
  cmp "$CI_NATIVE/token-governance" "$(find "$work/native-tool" -name token-governance -type f -size +1M)" || { echo "the installed tool is not the program that was tested" >&2; exit 1; }
fi
mkdir "$work/by-native-tool" && DOTNET_ROOT=/nonexistent try "$work/native-tool/token-governance" "$work/by-native-tool"
[ "$locks" = "$(cksum src/*/packages.lock.json tests/*/packages.lock.json)" ] || { echo "the lock files changed" >&2; exit 1; }

echo "what a release tells"
.ci/sbom.py 10.0.0 | python3 -c 'import json, sys; assert len(json.load(sys.stdin)["components"]) > 5'
.ci/release-notes.py "v$version" >/dev/null
