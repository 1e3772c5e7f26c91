#!/usr/bin/env bash
# A real Alertmanager takes what `budget check` and `budget test` send, shows it, and drops it when the alert is over.
# Needs: apt-get install prometheus-alertmanager; a build of the program (TOKEN_GOVERNANCE, else the Release build).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

tg=${TOKEN_GOVERNANCE:-dotnet src/TokenGovernance/bin/Release/net10.0/token-governance.dll}
. .ci/debian
command -v prometheus-alertmanager >/dev/null || install_debian prometheus-alertmanager
work=$(mktemp -d)
port=$((20000 + RANDOM % 20000))
cat > "$work/alertmanager.yml" <<'YML'
route: { receiver: none }
receivers: [{ name: none }]
YML
prometheus-alertmanager --config.file="$work/alertmanager.yml" --storage.path="$work/data" \
  --web.listen-address="127.0.0.1:$port" --cluster.listen-address= >"$work/log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 100); do curl -fsS "http://127.0.0.1:$port/-/ready" >/dev/null 2>&1 && break; sleep 0.1; done

now=$(date -u +%Y-%m-%dT%H:%M:%S.000Z)
mkdir -p "$work/home/agents/main/sessions"
cat > "$work/home/agents/main/sessions/s1.jsonl" <<JSON
{"type":"session","version":3,"id":"s1","timestamp":"$now","cwd":"/x"}
{"type":"message","id":"a1","timestamp":"$now","message":{"role":"assistant","content":[],"provider":"p","model":"m","stopReason":"stop","usage":{"input":1,"output":1,"cacheRead":0,"cacheWrite":0,"totalTokens":2,"cost":{"input":6,"output":0,"cacheRead":0,"cacheWrite":0,"total":6}}}}
JSON
cat > "$work/config.toml" <<TOML
db = "$work/usage.db"
openclaw-home = "$work/home"
[[budget]]
name = "rolls"
period = "1h"
limit = "5 USD"
notify = ["am"]
[notify.am]
webhook = "http://127.0.0.1:$port"
format = "alertmanager"
TOML
export TOKEN_GOVERNANCE_CONFIG="$work/config.toml"
active() { curl -fsS "http://127.0.0.1:$port/api/v2/alerts?active=true" | python3 -c 'import json,sys; print(",".join(sorted(a["labels"]["budget"] + ":" + a["labels"]["severity"] for a in json.load(sys.stdin))))'; }

$tg collect --once --no-status >/dev/null
rc=0; $tg budget check >"$work/out" || rc=$?
[ "$rc" = 4 ] || { echo "budget check ended with $rc"; cat "$work/out"; exit 1; }
[ "$(active)" = "rolls:critical" ] || { echo "Alertmanager shows '$(active)'"; exit 1; }
$tg budget test am >/dev/null
[ "$(active)" = "am:critical,rolls:critical" ] || { echo "after a test message Alertmanager shows '$(active)'"; exit 1; }

# The response turns out to be none: what rolls falls below, and the alert is over.
python3 -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute("DELETE FROM event_facts"); c.commit()' "$work/usage.db"
$tg budget check >/dev/null
[ "$(active)" = "am:critical" ] || { echo "after its end Alertmanager shows '$(active)'"; exit 1; }
echo "Alertmanager took, showed and dropped the alert."
