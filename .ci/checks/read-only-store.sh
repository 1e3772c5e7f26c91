#!/usr/bin/env bash
# A store that may be read but not written: every verb says so, and where it becomes writable again nothing is missing.
# Root may write everything, so for root the store lies on a disk that is mounted read-only.
set -euo pipefail

if [ "$(id -u)" -eq 0 ] && [ -z "${READ_ONLY_NAMESPACE:-}" ]; then
  if unshare --mount true 2>/dev/null; then
    READ_ONLY_NAMESPACE=1 exec unshare --mount -- bash "$0"
  fi
  echo "not checked: root may write everything, and no disk can be mounted here" >&2
  [ -z "${CI:-}" ]
  exit
fi

work=${CI_WORK:-$(mktemp -d)}
disk="$work/disk" home="$work/home" session="$work/home/agents/main/sessions/s1.jsonl"
mkdir -p "$disk" "$(dirname "$session")"
if [ -n "${READ_ONLY_NAMESPACE:-}" ]; then
  mount -t tmpfs -o size=4m tmpfs "$disk"
  protect() { mount -o remount,ro "$disk"; }
  release() { mount -o remount,rw "$disk"; }
else
  protect() { chmod a-w "$disk"/* "$disk"; }
  release() { chmod u+w "$disk" "$disk"/*; }
fi
db="$disk/token_usage.db"
run() { dotnet src/TokenGovernance/bin/Release/net10.0/token-governance.dll "$@"; }
fail() { echo "FAILED: $1" >&2; exit 1; }
answer() {
  printf '{"type":"message","id":"e%s","timestamp":"2026-11-21T10:0%s:00.000Z","message":{"role":"assistant","provider":"p","model":"m","usage":{"input":%s,"output":0}}}\n' \
    "$1" "$1" "$1" >>"$session"
}
refused() { # why, verb and its options
  local why=$1; shift
  if run "$@" 2>"$work/error.log"; then fail "$why: it must fail"; fi
  cat "$work/error.log"
  grep -Eq "^error: The store $db (may not be written|cannot be opened)\." "$work/error.log" || fail "$why: it must say what is wrong"
  [ "$(wc -l <"$work/error.log")" -eq 1 ] || fail "$why: one line is enough"
}

answer 1
run collect --once --no-status --db "$db" --openclaw-home "$home" >/dev/null
answer 2
before=$(cksum <"$db")
protect
refused "collect" collect --once --no-status --db "$db" --openclaw-home "$home"
refused "init" init --db "$db"
release
[ "$before" = "$(cksum <"$db")" ] || fail "it was changed"
cp tests/fixtures/original-store/token_usage.db "$disk/original.db"
protect
db="$disk/original.db" refused "the upgrade" init --db "$disk/original.db"
release
run collect --once --no-status --db "$db" --openclaw-home "$home" >/dev/null
python3 -c 'import sqlite3, sys; sys.exit(sqlite3.connect(sys.argv[1]).execute("SELECT count(*), sum(input_tokens) FROM usage_events").fetchone() != (2, 3))' \
  "$db" || fail "something is missing"
