#!/usr/bin/env bash
# The disk of the store fills up under a daemon: it says so once, loses nothing, and goes on when there is room.
set -euo pipefail
if [ "${1:-}" != inside ]; then
  namespace=(unshare --mount)
  [ "$(id -u)" -eq 0 ] || namespace+=(--map-root-user)
  exec "${namespace[@]}" bash "$0" inside
fi
mkdir "$CI_WORK/disk"
mount -t tmpfs -o size=16m tmpfs "$CI_WORK/disk"
exec python3 - "$CI_WORK" <<'PY'
import os, signal, sqlite3, subprocess, sys, threading, queue

work = sys.argv[1]
program = "src/TokenGovernance/bin/Release/net10.0/token-governance"
sessions, store, filler = f"{work}/home/agents/main/sessions", f"{work}/disk/usage.db", f"{work}/disk/filler"
os.makedirs(sessions)
written = 0

def write(n):
    global written
    with open(f"{sessions}/s1.jsonl", "a") as f:
        for _ in range(n):
            written += 1
            f.write('{"type":"message","id":"e%d","timestamp":"2026-11-21T10:%02d:%02d.%03dZ","message":{"role":"assistant","content":[],'
                    '"api":"a","provider":"p","model":"m","usage":{"input":1,"output":1,"totalTokens":2}}}\n'
                    % (written, written // 60000 % 60, written // 1000 % 60, written % 1000))

daemon = subprocess.Popen([program, "collect", "--no-status", "--interval-sec", "0.05", "--db", store, "--openclaw-home", f"{work}/home"],
                          stderr=subprocess.PIPE, text=True)
lines, said = queue.Queue(), []
threading.Thread(target=lambda: [lines.put(line) for line in daemon.stderr], daemon=True).start()

def hear(text):
    while not said or text not in said[-1]:
        try:
            said.append(lines.get(timeout=30))
        except queue.Empty:
            sys.exit(f"the daemon did not say '{text}', but:\n{''.join(said)}")

try:
    write(1)
    hear("1 new event,")
    with open(filler, "wb", buffering=0) as f:
        try:
            while True:
                f.write(b"x" * 4096)
        except OSError:
            pass
    write(3000)
    hear("no room left on the disk")
    write(10)
    os.remove(filler)
    hear("collecting again")
    while sqlite3.connect(f"file:{store}?mode=ro", uri=True).execute("SELECT count(*) FROM usage_events").fetchone()[0] < written:
        said.append(lines.get(timeout=60))
    daemon.send_signal(signal.SIGTERM)
    code = daemon.wait(timeout=30)
finally:
    daemon.kill()
print("".join(said), end="")
assert code == 0, code
assert sum("no room left" in line for line in said) == 1, "said once, not every five seconds"
found = sqlite3.connect(store).execute("SELECT count(*), count(DISTINCT event_key) FROM usage_events").fetchone()
assert found == (written, written), found
assert sqlite3.connect(store).execute("PRAGMA integrity_check").fetchone() == ("ok",)
PY
