#!/usr/bin/env bash
# A daemon over a home that keeps changing: open files and memory must not grow. SOAK_SECONDS=3600 for a long one.
set -euo pipefail
exec python3 - "${CI_WORK:?}" "${SOAK_SECONDS:-20}" <<'PY'
import glob, os, random, shutil, signal, sqlite3, subprocess, sys, time

work, seconds = sys.argv[1], float(sys.argv[2])
program = "src/TokenGovernance/bin/Release/net10.0/token-governance"
sessions, store = f"{work}/home/agents/main/sessions", f"{work}/usage.db"
if not os.path.isdir("/proc/self/fd"):
    sys.exit("this check counts open files in /proc, which is not there")
os.makedirs(sessions)
random.seed(7)
written, live = 0, []

def answer():
    global written
    written += 1
    when = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime()) + f".{written % 1000:03d}Z"
    return ('{"type":"message","id":"e%d","timestamp":"%s","message":{"role":"assistant","content":[],"api":"a","provider":"p",'
            '"model":"m","usage":{"input":1,"output":1,"totalTokens":2}}}\n' % (written, when))

def change():
    """What a day of OpenClaw does to its folder, in no order."""
    kind = random.random()
    if len(live) < 5 or kind < 0.2:
        live.append(f"{sessions}/s{written}-{len(live)}.jsonl")
    path = random.choice(live)
    with open(path, "a") as f:
        f.write(answer())
    if kind > 0.9:                       # reset: the archive stays for a while, then it is cleaned up
        os.rename(path, f"{path}.reset.2026-11-21T10-00-00.{written % 1000:03d}Z")
        live.remove(path)
    if kind > 0.97:
        for old in sorted(glob.glob(f"{sessions}/*.reset.*"), key=os.path.getmtime)[:-20]:
            if time.time() - os.path.getmtime(old) > 2:
                os.remove(old)
    if 0.5 < kind < 0.55:                # the index is replaced
        with open(f"{sessions}/new", "w") as f:
            f.write("{}")
        os.rename(f"{sessions}/new", f"{sessions}/sessions.json")

def measure(pid):
    with open(f"/proc/{pid}/status") as f:
        rss = next(int(line.split()[1]) for line in f if line.startswith("VmRSS"))
    return len(os.listdir(f"/proc/{pid}/fd")), rss // 1024

with open(f"{work}/log", "w") as log:
    daemon = subprocess.Popen([program, "collect", "--no-status", "--interval-sec", "0.05", "--db", store,
                               "--openclaw-home", f"{work}/home"], stderr=log)
try:
    samples, start = [], time.monotonic()
    while (now := time.monotonic() - start) < seconds:
        change()
        time.sleep(0.02)
        if now > seconds * 0.25:         # warmed up by then
            samples.append(measure(daemon.pid))
        if daemon.poll() is not None:
            sys.exit(f"the daemon ended with {daemon.returncode}")
    daemon.send_signal(signal.SIGTERM)
    code = daemon.wait(timeout=30)
finally:
    daemon.kill()

subprocess.run([program, "collect", "--once", "--no-status", "--db", store, "--openclaw-home", f"{work}/home"],
               check=True, stdout=subprocess.DEVNULL)
stored = sqlite3.connect(store).execute("SELECT count(*) FROM usage_events").fetchone()[0]
third = len(samples) // 3
early, late = samples[:third], samples[-third:]
handles = [max(s[0] for s in part) for part in (early, late)]
memory = [sorted(s[1] for s in part)[len(part) // 2] for part in (early, late)]
print(f"{written} responses written, {stored} stored; open files {handles[0]} then {handles[1]}; memory {memory[0]} then {memory[1]} MiB")
assert code == 0, code
assert stored == written, "each response exactly once"
assert handles[1] <= handles[0] + 3, "open files grow"
assert memory[1] <= memory[0] * 1.3 + 20, "memory grows"
assert memory[1] < 250, "memory is large"
PY
