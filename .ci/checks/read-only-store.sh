#!/usr/bin/env bash
# A store that may be read but not written: what reads it works, what writes says so, and where it becomes writable again
# nothing is missing.
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
. .ci/program
run() { "${program[@]}" "$@"; }
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
read_all() { # what it is, how many responses
  run report --db "$db" --format json >"$work/report.json" || fail "$1: report must work"
  grep -q "\"responses\": $2," "$work/report.json" || fail "$1: report must show $2 responses"
  run quota --db "$db" >/dev/null || fail "$1: quota must work"
  run export-csv --db "$db" --out-dir "$work/out" >/dev/null || fail "$1: export-csv must work"
  [ "$(wc -l <"$work/out/usage_events.csv")" -eq $(($2 + 1)) ] || fail "$1: export-csv must write $2 rows"
  run doctor --db "$db" --openclaw-home "$home" --openclaw-bin "$work/none" | grep -q "ok  store .* $2 events.* intact" ||
    fail "$1: doctor must find the store intact"
}
read_all "closed" 1
release
python3 - "$db" "$disk/killed.db" "$home" "${program[@]}" <<'PY'
import shutil, sqlite3, subprocess, sys
store, copy, home, *program = sys.argv[1:]
shutil.copy(store, copy + ".open")
# While somebody reads, what is collected stays in the write-ahead log.
connection = sqlite3.connect(copy + ".open")
connection.execute("BEGIN")
connection.execute("SELECT count(*) FROM usage_events").fetchone()
subprocess.run([*program, "collect", "--once", "--no-status",
                "--db", copy + ".open", "--openclaw-home", home], check=True, stdout=subprocess.DEVNULL)
for suffix in "", "-wal", "-shm":
    shutil.copy(copy + ".open" + suffix, copy + suffix)
shutil.copy(copy, copy + ".lost"), shutil.copy(copy + "-wal", copy + ".lost-wal")
PY
chmod 600 "$disk"/*
protect
db="$disk/killed.db" read_all "killed while open" 2
db="$disk/killed.db.lost" read_all "killed, its index lost" 2
release
[ "$before" = "$(cksum <"$db")" ] || fail "it was changed"
cp tests/fixtures/original-store/token_usage.db "$disk/original.db"
protect
db="$disk/original.db" refused "the upgrade" init --db "$disk/original.db"
release
run collect --once --no-status --db "$db" --openclaw-home "$home" >/dev/null
python3 -c 'import sqlite3, sys; sys.exit(sqlite3.connect(sys.argv[1]).execute("SELECT count(*), sum(input_tokens) FROM usage_events").fetchone() != (2, 3))' \
  "$db" || fail "something is missing"
