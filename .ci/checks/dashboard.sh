#!/usr/bin/env bash
# The dashboard in a real browser: no error, no breach of its content security policy, the numbers of `report --json`, both colour schemes,
# 360 to 2,560 pixels, by keyboard, and what axe finds. Installs Debian's Chromium and two packages of npm; says so where it cannot.
set -euo pipefail
program="dotnet src/TokenGovernance/bin/Release/net10.0/token-governance.dll"
here=.ci/checks/dashboard

. .ci/debian
command -v chromium >/dev/null || install_debian chromium
command -v chromium >/dev/null || missing "there is no chromium, and it could not be installed"
command -v npm >/dev/null || missing "there is no npm"
cp "$here/check.mjs" "$CI_WORK/"
(cd "$CI_WORK" && npm install --no-audit --no-fund --silent playwright-core@1.65.1 axe-core@4.14.1) || missing "playwright-core and axe-core could not be installed"

python3 "$here/home.py" home "$CI_WORK/home"
$program collect --once --no-status --db "$CI_WORK/usage.db" --openclaw-home "$CI_WORK/home" >/dev/null
python3 "$here/home.py" quotas "$CI_WORK/usage.db"
$program report --by day,agent --period 30d --json --db "$CI_WORK/usage.db" --config "$here/config.toml" >"$CI_WORK/report.json"

$program serve --listen 127.0.0.1:0 --db "$CI_WORK/usage.db" --config "$here/config.toml" 2>"$CI_WORK/serve.log" &
server=$!
trap 'kill $server' EXIT
for _ in $(seq 300); do
  url=$(sed -nE 's|.* at (http://[^/]+/).*|\1|p' "$CI_WORK/serve.log")
  [ -n "$url" ] && break
  kill -0 $server || { cat "$CI_WORK/serve.log"; exit 1; }
  sleep 0.1
done
mkdir -p "$CI_WORK/screenshots"
(cd "$CI_WORK" && timeout 300 node check.mjs "$url" report.json screenshots)
