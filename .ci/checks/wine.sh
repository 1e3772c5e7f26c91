#!/usr/bin/env bash
# The program for Windows works under Wine (Debian: wine64): it makes a store, collects, reports, exports, keeps its lock, sets up a service and takes it back,
# ends at Ctrl-C, and writes UTF-8. Left out where there is no Wine.
#
# Native code for Windows can only be built on Windows, and a single file does not start under Wine 8 (no program of .NET does).
# So this takes the folder, without code that is made while it runs: the native program has none either, and Wine 8 breaks on it.
set -euo pipefail
command -v wine >/dev/null || { echo "left out: there is no wine here"; exit 0; }
work=${CI_WORK:?}
export WINEPREFIX="$work/wine" WINEDEBUG=-all DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet publish src/TokenGovernance -c Release -r win-x64 --self-contained -o "$work/program" --artifacts-path "$work/scratch" \
  -p:RestoreLockedMode=false -p:NuGetLockFilePath="$work/scratch/packages.lock.json" -v quiet \
  -p:PublishAot=false -p:RunAnalyzers=false
python3 - "$work/program/token-governance.runtimeconfig.json" <<'PY'
import json, sys
options = json.load(open(sys.argv[1]))
options["runtimeOptions"]["configProperties"]["System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported"] = False
json.dump(options, open(sys.argv[1], "w"))
PY
cp -r docs/sample-home "$work/home"
wine wineboot -i >/dev/null 2>&1
exec python3 tests/wine.py "$work/program/token-governance.exe" "$work" docs/sample-home.expected.json
