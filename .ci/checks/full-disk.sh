#!/usr/bin/env bash
# A store on a disk that is full: the daemon says so once, goes on when there is room, and nothing is lost or counted twice.
# The disk is a tmpfs of 12 MiB in a mount namespace of its own; it is gone with this script.
set -euo pipefail

if [ -z "${FULL_DISK_NAMESPACE:-}" ]; then
  if unshare --mount true 2>/dev/null; then
    FULL_DISK_NAMESPACE=1 exec unshare --mount -- bash "$0"
  elif unshare --user --map-root-user --mount true 2>/dev/null; then
    FULL_DISK_NAMESPACE=1 exec unshare --user --map-root-user --mount -- bash "$0"
  fi
  echo "not checked: a small disk can be mounted only by root or in a user namespace, and neither is to be had here" >&2
  [ -z "${CI:-}" ]
  exit
fi

work=${CI_WORK:-$(mktemp -d)}
disk="$work/disk" home="$work/home" log="$work/daemon.log" session="$work/home/agents/main/sessions/s1.jsonl"
mkdir -p "$disk" "$(dirname "$session")"
mount -t tmpfs -o size=12m,mode=0700 tmpfs "$disk"
db="$disk/token_usage.db"
. .ci/program
run() { "${program[@]}" "$@"; }
fail() { echo "FAILED: $1" >&2; echo "--- the daemon said:" >&2; cat "$log" >&2; kill -9 "${daemon:-}" 2>/dev/null || true; exit 1; }
said() { grep -c -- "$1" "$log" || true; }
await() { # what, how often it must have been said
  for _ in $(seq 600); do
    [ "$(said "$1")" -ge "$2" ] && return
    kill -0 "$daemon" 2>/dev/null || fail "the daemon ended while waiting for '$1'"
    sleep 0.1
  done
  fail "'$1' was not said $2 times"
}
start() { # store
  # Not through the function: the process that is killed must be the daemon itself.
  "${program[@]}" collect --db "$1" --openclaw-home "$home" --no-status \
    --interval-sec 0.05 2>>"$log" &
  daemon=$!
}
fill_disk() { dd if=/dev/zero of="$disk/filler" bs=4096 2>/dev/null || true; }

written=0
answers() { # how many more
  python3 - "$session" "$written" "$1" <<'PY'
import datetime, json, sys
path, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with open(path, "a") as f:
    if first == 0:
        f.write(json.dumps({"type": "session", "version": 3, "id": "s1", "timestamp": "2026-11-21T00:00:00.000Z"}) + "\n")
    for i in range(first, first + count):
        ms = 1795219200000 + 1000 * i
        at = datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        usage = {"input": i, "output": 1, "cacheRead": 0, "cacheWrite": 0, "totalTokens": i + 1, "cost": {"total": 0.001}}
        f.write(json.dumps({"type": "message", "id": f"e{i}", "timestamp": at, "message": {"role": "assistant", "content": [],
            "api": "x", "provider": "p", "model": "m", "usage": usage, "stopReason": "stop", "timestamp": ms}}) + "\n")
PY
  written=$((written + $1))
}
check_sums() { # store
  python3 - "$1" "$written" <<'PY' || fail "the store does not hold what was written"
import sqlite3, sys
n = int(sys.argv[2])
c = sqlite3.connect(sys.argv[1])
got = c.execute("SELECT count(*), count(DISTINCT entry_id), sum(input_tokens), sum(total_tokens) FROM usage_events").fetchone()
want = (n, n, n * (n - 1) // 2, n * (n + 1) // 2)
print("stored:", got)
sys.exit(None if got == want and c.execute("PRAGMA integrity_check").fetchone() == ("ok",) else f"expected {want}")
PY
}

await_stored() { # store
  for _ in $(seq 600); do
    [ "$(python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM usage_events").fetchone()[0])' "$1")" = "$written" ] && return
    sleep 0.1
  done
  fail "not all was stored when there was room again"
}

: >"$log"
answers 100
start "$db"
await "100 new events" 1

fill_disk
answers 8000 # More than fits into what a write-ahead log may have left free.
await "error: There is no room left on the disk" 1
sleep 12 # Two more attempts: it must not say it again.
[ "$(said 'error: There is no room left')" -eq 1 ] || fail "it said more than once that the disk is full"
[ "$(said 'collecting again')" -eq 0 ] || fail "it said that it collects while the disk is full"
rm "$disk/filler"
await "collecting again" 1
await_stored "$db"

# An upgrade of the original's database has no room for its backup: nothing is changed, and later it succeeds.
original="$disk/original.db"
cp tests/fixtures/original-store/token_usage.db "$original"
fill_disk
if run init --db "$original" 2>"$work/original.log"; then fail "an upgrade on a full disk must fail"; fi
grep -q "^error: There is no room left on the disk" "$work/original.log" || { cat "$work/original.log" >&2; fail "an upgrade must say that the disk is full"; }
rm "$disk/filler"
python3 -c 'import sqlite3, sys; sys.exit(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM usage_events").fetchone() != (45,))' \
  "$original" || fail "an upgrade that failed must change nothing"
[ "$(find "$disk" -name 'original.db.*.bak*' | wc -l)" -eq 0 ] || fail "a backup that failed must leave nothing behind"
run init --db "$original"
rm "$original"*

# Once more, killed while the disk is full; the next start finds room.
fill_disk
answers 8000
await "error: There is no room left on the disk" 2
kill -9 "$daemon"; wait "$daemon" 2>/dev/null || true
if run collect --once --no-status --db "$db" --openclaw-home "$home" 2>"$work/once.log"; then fail "a one-shot on a full disk must fail"; fi
grep -q "^error: There is no room left on the disk" "$work/once.log" || { cat "$work/once.log" >&2; fail "a one-shot must say that the disk is full"; }
rm "$disk/filler"
run collect --once --no-status --db "$db" --openclaw-home "$home"
check_sums "$db"
run collect --once --no-status --rescan --db "$db" --openclaw-home "$home" >/dev/null
check_sums "$db"

# An export: the earlier files stand, and nothing is left behind.
lake="$disk/lake"
sums() { (cd "$lake" && find . -type f -exec sha256sum {} + | sort); }
run export-parquet --db "$db" --out-dir "$lake" >/dev/null
sums >"$work/lake.before"
fill_disk
if run export-parquet --db "$db" --out-dir "$lake" 2>"$work/lake.log"; then fail "an export to a full disk must fail"; fi
grep -q "^error: The export into $lake failed: No space left on device" "$work/lake.log" || { cat "$work/lake.log" >&2; fail "an export must say that the disk is full"; }
sums | diff "$work/lake.before" - || fail "an export that failed must leave the earlier files and nothing else"
rm "$disk/filler"
run export-parquet --db "$db" --out-dir "$lake" --incremental | grep -q "0 files written" || fail "nothing has changed since the first export"
rm -r "$lake"

# First starts with less and less room: either a good store or none, and none that stays broken when there is room again.
first="$disk/first.db"
for free in 20 60 100 140 180 220 260 320 400 500 600 700 800; do
  rm -f "$first"* "$disk/filler"
  fill_disk
  truncate -s "-${free}K" "$disk/filler"
  made=yes
  run init --db "$first" >/dev/null 2>"$work/first.log" || made=no
  if [ "$made" = no ]; then
    grep -q "^error: There is no room left on the disk" "$work/first.log" || { cat "$work/first.log" >&2; fail "a first start with $free KiB must say that the disk is full"; }
  fi
  [ "$made" = yes ] || [ ! -e "$first" ] || made=whole
  rm "$disk/filler"
  echo "first start with $free KiB: $made"
  run collect --once --no-status --db "$first" --openclaw-home "$home" >/dev/null || fail "a store begun with $free KiB must work when there is room"
  [ "$(find "$disk" -name 'first.db.*' | wc -l)" -eq 0 ] || fail "a first start with $free KiB left something behind"
done

# First collections with less and less room: all of it is stored or nothing, and it is said which; nothing is left behind.
rm -f "$db"* "$first"*
for free in 300 500 700 900 1100 1300 1600 1900 2200 2500 2800 3100 3500 4000 5000; do
  rm -f "$first"* "$disk/filler"
  fill_disk
  truncate -s "-${free}K" "$disk/filler"
  stored=all
  run collect --once --no-status --db "$first" --openclaw-home "$home" >/dev/null 2>"$work/first.log" || stored=nothing
  if [ "$stored" = nothing ]; then
    grep -q "^error: There is no room left on the disk of the store .* nothing was stored" "$work/first.log" ||
      { cat "$work/first.log" >&2; fail "a first collection with $free KiB must say that the disk is full and nothing stored"; }
    [ ! -e "$first" ] || fail "a first collection with $free KiB must leave no store"
  fi
  [ "$(find "$disk" -name 'first.db.*' | wc -l)" -eq 0 ] || fail "a first collection with $free KiB left something behind"
  rm "$disk/filler"
  echo "first collection with $free KiB: $stored"
  [ "$stored" = nothing ] || check_sums "$first"
  run collect --once --no-status --db "$first" --openclaw-home "$home" >/dev/null
  check_sums "$first"
done

# A daemon whose first pass does not fit says so once, keeps what fits, and stores the rest when there is room.
rm -f "$first"* "$disk/filler"
fill_disk
truncate -s -1500K "$disk/filler"
: >"$log"
start "$first"
await "error: There is no room left on the disk" 1
sleep 12 # Two more attempts.
[ "$(find "$disk" -name 'first.db.*.new*' | wc -l)" -eq 0 ] || fail "a first pass that did not fit left something behind"
rm "$disk/filler"
await "collecting again" 1
await_stored "$first"
check_sums "$first"
kill "$daemon"; wait "$daemon"
