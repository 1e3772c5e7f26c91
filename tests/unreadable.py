#!/usr/bin/env python3
"""Takes the right to read away from every folder and file of a home, one at a time, and collects.

    tests/unreadable.py PROGRAM WORK [HOME…]     PROGRAM is token-governance, WORK a scratch folder, HOME a fixture's home

Whatever may not be read: all else is collected (what is collected where that path is not there at all), nothing that neither
home gives, exit 3 with one message; exit 0 only where nothing is lost. A daemon says it once, goes on, and collects the rest when the right is back.
Ends with 0 if that holds for every path.
"""
import concurrent.futures, glob, os, shutil, signal, sqlite3, subprocess, sys, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Root may read everything, unless it gives that right away.
AS_SOMEBODY = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


def command(program, home, store, *more):
    runtime = ["--runtime", "claude"] if os.path.isdir(claude_of(home)) else []
    return [*AS_SOMEBODY, program, "collect", "--no-status", "--db", store, "--openclaw-home", home, *runtime, *more]


def claude_of(home):
    """Claude Code's folder lies beside the home, never in it."""
    return os.path.join(os.path.dirname(home), "claude", "projects")


def environment(home):
    return {**os.environ, "CLAUDE_CONFIG_DIR": os.path.dirname(claude_of(home))}


def collect(program, home, work):
    store = os.path.join(work, "usage.db")
    for left in glob.glob(store + "*"):
        os.remove(left)
    run = subprocess.run(command(program, home, store, "--once"), capture_output=True, text=True, timeout=120, env=environment(home))
    return run.returncode, messages(run.stderr), rows(store) if os.path.exists(store) else set()


def messages(text):
    return [line for line in text.splitlines() if "cannot read" in line or "rror" in line or line.startswith("   at ")]


def rows(store):
    db = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        return set(db.execute("SELECT entry_id, event_ts, model, total_tokens, session_key, trigger FROM usage_events WHERE scope = 'call'"))
    finally:
        db.close()


def keys(events):
    return {event[:4] for event in events}


def judge(program, home, path, all_rows, work):
    mode = os.stat(path).st_mode
    os.chmod(path, 0)
    try:
        code, said, got = collect(program, home, work)
    finally:
        os.chmod(path, mode)
    if code == 0:
        return ([] if got == all_rows and not said else [f"exit 0 although something is lost ({len(got)} of {len(all_rows)}) {said}"]), code
    away = os.path.join(work, "away")
    os.rename(path, away)
    try:
        _, _, without = collect(program, home, work)
    finally:
        os.rename(away, path)
    wrong = []
    # The row of a turn stands in for calls that can't be read, or what remains of it beside those that can: rows are not compared.
    if keys(got) - keys(all_rows) - keys(without) or keys(without) - keys(got):
        wrong.append(f"{len(got)} events, not those that are left without it ({len(without)})")
    if code != 3:
        wrong.append(f"exit {code}")
    if len(said) != 1:
        wrong.append(f"{len(said)} messages: {said}")
    return wrong, code


def judge_daemon(program, home, path, all_rows, work):
    store = os.path.join(work, "daemon.db")
    for left in glob.glob(store + "*"):
        os.remove(left)
    mode = os.stat(path).st_mode
    os.chmod(path, 0)
    said_file = os.path.join(work, "daemon.log")
    try:
        with open(said_file, "w") as log:
            daemon = subprocess.Popen(command(program, home, store, "--interval-sec", "0.05"), stderr=log, stdout=log, env=environment(home))
            wait(lambda: "cannot read" in open(said_file).read())
            time.sleep(0.5)
            os.chmod(path, mode)
            wait(lambda: os.path.exists(store) and keys(rows(store)) == keys(all_rows))
            daemon.send_signal(signal.SIGTERM)
            code = daemon.wait(20)
    finally:
        os.chmod(path, mode)
    said = messages(open(said_file).read())
    got = rows(store)
    return ([] if code == 0 and len(said) == 1 and keys(got) == keys(all_rows) else [f"daemon: exit {code}, {len(got)} events, {said}"])


def wait(condition):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            if condition():
                return
        except sqlite3.Error:
            pass
        time.sleep(0.05)


def judge_home(program, source, work):
    """Judges each path of a copy of one home; gives what is said of it, how many paths were judged, and how many are wrong."""
    home = os.path.join(work, "home")
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(source, home, symlinks=True)
    shutil.rmtree(os.path.dirname(claude_of(home)), ignore_errors=True)
    if os.path.isdir(claude := os.path.join(os.path.dirname(source), "claude-projects")):
        shutil.copytree(claude, claude_of(home))
    code, said, all_rows = collect(program, home, work)
    if code != 0 or said:
        return [f"{source}: exit {code} before anything was changed: {said}"], 1, 1
    roots = (home, os.path.dirname(claude_of(home)))
    paths = [os.path.join(folder, name) for root in roots for folder, folders, files in os.walk(root) for name in folders + files]
    lines, failed, total, kinds = [], 0, 0, set()
    for path in sorted(paths):
        if path == os.path.join(home, "agents"):
            continue
        wrong, code = judge(program, home, path, all_rows, work)
        kind = (os.path.isdir(path), os.path.splitext(path)[1][:6], path.count("/"))
        if code == 3 and kind not in kinds:
            kinds.add(kind)
            wrong += judge_daemon(program, home, path, all_rows, work)
        total, failed = total + 1, failed + bool(wrong)
        if wrong:
            lines.append(f"WRONG {os.path.relpath(path, home)}: {'; '.join(wrong)}")
    return [*lines, f"{source}: {len(paths)} paths"], total, failed


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program, work = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    homes = sys.argv[3:] or sorted(glob.glob(f"{ROOT}/tests/fixtures/openclaw-*/home"))
    failed = total = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as several:
        judged = several.map(lambda at: judge_home(program, at[1], os.path.join(work, str(at[0]))), enumerate(homes))
        for lines, of_home, wrong in judged:
            print(*lines, sep="\n", flush=True)
            total, failed = total + of_home, failed + wrong
    print(f"{total - failed} of {total} right")
    sys.exit(failed > 0 or total == 0)


if __name__ == "__main__":
    main()
