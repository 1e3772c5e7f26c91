"""Upgrades a store of version 0.1.0 by the real programs: upgrade.py OLD-PROGRAM NEW-PROGRAM SCRATCH-FOLDER."""
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

OLD, NEW, WORK = sys.argv[1:]
HOME, STORE = f"{WORK}/home", f"{WORK}/usage.db"
SESSIONS, EACH = 200, 500
PATIENCE = 180
SUMS = """SELECT agent_id, substr(event_ts, 1, 10), model, cost_source, count(*), sum(total_tokens), round(sum(cost_total), 6), count(DISTINCT entry_id)
          FROM usage_events GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"""
written = 0


def answer(number):
    """One response as OpenClaw writes it; every seventh without a cost."""
    cost = {} if number % 7 == 0 else {"cost": {"input": 0.001, "output": 0.002, "cacheRead": 0, "cacheWrite": 0, "total": 0.003}}
    usage = {"input": 10, "output": number % 1000, "cacheRead": 100, "cacheWrite": 5, "totalTokens": 115 + number % 1000, **cost}
    moment = f"2026-11-{10 + number % 12}T{number // 60 % 24:02}:{number // 7 % 60:02}:{number % 60:02}.{number % 1000:03}Z"
    message = {"role": "assistant", "provider": "anthropic", "model": f"claude-{number % 3}", "api": "anthropic-messages", "timestamp": 1795000000000 + number,
               "stopReason": "stop", "content": [], "usage": usage}

    return json.dumps({"type": "message", "id": f"{number:08x}", "parentId": None, "timestamp": moment, "message": message}) + "\n"


def append(count, session=0):
    """More responses in one session."""
    global written
    with open(f"{HOME}/agents/agent{session % 3}/sessions/s{session}.jsonl", "a") as transcript:
        transcript.write("".join(answer(written + i) for i in range(count)))
    written += count


def make_home():
    for session in range(SESSIONS):
        folder = f"{HOME}/agents/agent{session % 3}/sessions"
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/s{session}.jsonl", "w") as transcript:
            transcript.write(json.dumps({"type": "session", "version": 3, "id": f"s{session}", "timestamp": "2026-11-10T00:00:00.000Z", "cwd": "/tmp"}) + "\n")
        append(EACH, session)


def query(sql, store=None):
    connection = sqlite3.connect(f"file:{store or STORE}?mode=ro", uri=True, timeout=60)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def version():
    return query("PRAGMA user_version")[0][0]


def stored():
    return query("SELECT count(*) FROM usage_events")[0][0]


def run(program, *arguments, code=0):
    """Runs a program to its end: what it printed, and its CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=PATIENCE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert result.returncode == code, f"{arguments} ended with {result.returncode}: {result.stdout}{result.stderr}"

    return result.stdout + result.stderr, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def daemon(program):
    log = open(f"{WORK}/daemon.log", "a+")
    start = log.seek(0, os.SEEK_END)
    process = subprocess.Popen([program, "collect", "--no-status", "--openclaw-home", HOME, "--db", STORE, "--interval-sec", "0.2"], stderr=log, stdout=subprocess.DEVNULL)

    def said():
        log.seek(start)
        return log.read()

    return process, said


def wait(condition, what):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, f"in vain: {what}"
        time.sleep(0.05)


def kill_when_it_says(text):
    """Begins an upgrade and kills it in the middle of the step that it tells of."""
    process = subprocess.Popen([NEW, "init", "--db", STORE], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if text in line:
            break
    else:
        raise AssertionError(f"an upgrade never said '{text}'")
    time.sleep(0.1)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "it was over before it could be killed: make the store larger"


make_home()
_, first_cpu = run(OLD, "collect", "--once", "--no-status", "--openclaw-home", HOME, "--db", STORE)
assert (version(), stored()) == (2, written)
shutil.copy(STORE, f"{WORK}/before.db")
size = os.path.getsize(STORE)

print("beside the daemon of 0.1.0 the new program reads nothing, starts no daemon, and says what to do")
old, old_said = daemon(OLD)
wait(lambda: "collecting into" in old_said(), "the daemon of 0.1.0")
told, _ = run(NEW, "report", "--db", STORE, code=1)
assert "older version" in told and f"token-governance init --db {STORE}" in told, told
told, _ = run(NEW, "collect", "--no-status", "--openclaw-home", HOME, "--db", STORE, code=1)
assert "Another daemon" in told, told
assert version() == 2

print("killed in the middle, the store is the old one, and its daemon goes on with it")
before = query(SUMS)
kill_when_it_says("to schema 3")
assert version() == 2 and query(SUMS) == before
append(10)
wait(lambda: stored() == written, "the daemon of 0.1.0 stores on after an upgrade was killed")

print("killed in a later step, nothing is lost, and the next upgrade goes on")
before = query(SUMS)
kill_when_it_says("to schema 14")
assert 2 < version() < 14 and query(SUMS) == before

print("upgraded to the end beneath the daemon of 0.1.0")
told, _ = run(NEW, "init", "--db", STORE)
assert "upgrading" in told and "Ready:" in told, told
assert query(SUMS) == before and query("PRAGMA integrity_check") == [("ok",)]

print("the old daemon stores nothing into the new store, and says so")
append(10, session=1)
wait(lambda: "error: The store" in old_said().split("locked by another program")[-1] or "newer version" in old_said(), "the daemon of 0.1.0 says that it cannot go on")
assert stored() == written - 10
old.send_signal(signal.SIGTERM)
old.wait(PATIENCE)

print("the daemon of the new version brings what the old one could not")
new, new_said = daemon(NEW)
append(10, session=2)
wait(lambda: stored() == written, "the new daemon stores what is missing")
new.send_signal(signal.SIGTERM)
assert new.wait(PATIENCE) == 0, new_said()

print("a daemon upgrades by itself, and says so")
shutil.copy(f"{WORK}/before.db", f"{WORK}/second.db")
STORE, first = f"{WORK}/second.db", STORE
new, new_said = daemon(NEW)
wait(lambda: version() > 2 and stored() == written, "a daemon that upgrades")
new.send_signal(signal.SIGTERM)
assert new.wait(PATIENCE) == 0 and "upgrading" in new_said(), new_said()
assert query(SUMS) == query(SUMS, first)

print("all of it is what a new store would have, each response once")
fresh = f"{WORK}/fresh.db"
run(NEW, "collect", "--once", "--no-status", "--openclaw-home", HOME, "--db", fresh)
assert query(SUMS) == query(SUMS, fresh)
told, _ = run(NEW, "collect", "--once", "--rescan", "--json", "--no-status", "--openclaw-home", HOME, "--db", first)
assert json.loads(told)["events_added"] == 0, told

shutil.copy(f"{WORK}/before.db", f"{WORK}/third.db")
_, upgrade_cpu = run(NEW, "init", "--db", f"{WORK}/third.db")
print(f"{SESSIONS * EACH:,} responses: upgraded in {upgrade_cpu:.1f} s of CPU (0.1.0 collected them in {first_cpu:.1f}); the store had {size / 1e6:.1f} MB and has {os.path.getsize(f'{WORK}/third.db') / 1e6:.1f}")
