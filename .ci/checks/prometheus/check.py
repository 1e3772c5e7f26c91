#!/usr/bin/env python3
"""check.py WORK PROGRAM...: see ../prometheus.sh."""
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request

work, program = pathlib.Path(sys.argv[1]), sys.argv[2:]
home, db = work / "home", work / "usage.db"
sessions = home / "agents" / "main" / "sessions"
sessions.mkdir(parents=True)
running = []
TOKENS = 1_130


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(seconds))


def answer(number):
    now = time.time()
    usage = {"input": 100, "output": 30, "cacheRead": 1_000, "cacheWrite": 0, "totalTokens": TOKENS,
             "cost": {"input": 0.01, "output": 0.02, "cacheRead": 0.005, "cacheWrite": 0, "total": 0.035}}
    return json.dumps({"type": "message", "id": f"a{number:07d}", "timestamp": stamp(now), "message": {
        "role": "assistant", "content": [], "api": "x", "provider": "stub", "model": "m\"\\\n1", "usage": usage, "stopReason": "stop", "timestamp": int(now * 1000)}}) + "\n"


def append(name, first, count, sessions=sessions):
    path = sessions / f"{name}.jsonl"
    with open(path, "a", encoding="utf-8") as file:
        if path.stat().st_size == 0:
            file.write(json.dumps({"type": "session", "version": 3, "id": name, "timestamp": stamp(time.time() - 1), "cwd": "/"}) + "\n")
        for number in range(first, first + count):
            file.write(answer(number))


def start(*args, until):
    log = open(work / f"{args[0]}.log", "ab+")
    begin = log.seek(0, 2)                       # before it starts: a native program has said it at once
    process = subprocess.Popen([*program, *map(str, args)], stderr=log, stdout=subprocess.DEVNULL)
    running.append(process)
    wait(lambda: re.search(until, pathlib.Path(log.name).read_bytes()[begin:].decode()), f"{args[0]} to say {until}")
    return process


def stop(process):
    process.terminate()
    assert process.wait(60) == 0, "it did not end in order"
    running.remove(process)


def wait(done, what, seconds=200):
    end = time.time() + seconds
    while not (result := done()):
        assert time.time() < end, f"waited in vain for {what}"
        time.sleep(0.3)
    return result


def get(url):
    with urllib.request.urlopen(url, timeout=30) as reply:
        return reply.read().decode()


def query(promql):
    result = json.loads(get(f"http://127.0.0.1:{PROMETHEUS}/api/v1/query?query={urllib.parse.quote(promql)}"))["data"]["result"]
    return float(result[0]["value"][1]) if result else None


def collect(db=db, home=home):
    return start("collect", "--no-status", "--interval-sec", "0.2", "--db", db, "--openclaw-home", home, until="collecting into")


def serve(db=db, port=None):
    return start("serve", "--db", db, "--listen", f"127.0.0.1:{port or SERVE}", until="serving")


def report(db, *args):
    return json.loads(subprocess.run([*program, "report", "--json", *args, "--db", str(db)], capture_output=True, text=True, check=True).stdout)


def of_types(db):
    """Tokens of the four types that the counters have; a total that was written down may be another."""
    tokens = report(db)["totals"]["tokens"]
    return sum(tokens[name] for name in ("input", "output", "cache_read", "cache_write"))


def free_port():
    import socket
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


SERVE, SERVE_LEGACY, PROMETHEUS = free_port(), free_port(), free_port()
try:
    # A database of the Python original, which is imported between two scrapes: first it is served as it is.
    legacy_db, legacy_home = work / "legacy.db", work / "legacy-home"
    shutil.copy("tests/fixtures/original-store/token_usage.db", legacy_db)
    legacy_sessions = legacy_home / "agents" / "main" / "sessions"
    legacy_sessions.mkdir(parents=True)
    serve(legacy_db, SERVE_LEGACY)

    append("s1", 0, 500)
    daemon, server = collect(), serve()
    total = lambda job="t": query(f'sum(token_governance_tokens_total{{job="{job}"}})')
    metrics = lambda: get(f"http://127.0.0.1:{SERVE}/metrics")

    def has_history():
        try:
            return "token_governance_tokens_total{" in metrics()
        except OSError:                          # there is no store before the first collection is over
            return False

    wait(has_history, "the history")

    lint = subprocess.run(["promtool", "check", "metrics"], input=metrics(), text=True, capture_output=True)
    assert lint.returncode == 0 and not lint.stderr, lint.stderr + lint.stdout

    config = work / "prometheus.yml"
    config.write_text("global: {scrape_interval: 1s}\nscrape_configs:\n" + "".join(
        f"- job_name: {job}\n  static_configs: [{{targets: ['127.0.0.1:{port}']}}]\n" for job, port in (("t", SERVE), ("legacy", SERVE_LEGACY))))
    running.append(subprocess.Popen(
        ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={work}/tsdb", f"--web.listen-address=127.0.0.1:{PROMETHEUS}", "--log.level=error"],
        stderr=open(work / "prometheus.log", "wb")))

    def up():
        try:
            return total()
        except OSError:
            return None

    before = wait(up, "the first scrape")
    assert before == 500 * TOKENS, f"the history is {before} tokens, not {500 * TOKENS}"
    began = time.time()

    wait(lambda: query('count_over_time(up{job="legacy"}[1m])'), "a scrape of the original's database")
    assert total("legacy") is None, "counters of a database that nobody has imported"
    collect(legacy_db, legacy_home)              # the import
    wait(lambda: total("legacy"), "the imported history")
    imported = total("legacy")
    assert imported == of_types(legacy_db) > 0, f"{imported} tokens were imported, of {of_types(legacy_db)}"
    append("l1", 0, 25, legacy_sessions)

    append("s1", 500, 40)                        # a live append
    append("s2", 1000, 30)                       # a session of which nobody knows yet what started it
    wait(lambda: total() == 570 * TOKENS, "the appends to be counted")
    (sessions / "s2.trajectory.jsonl").write_text("".join(json.dumps({
        "traceSchema": "openclaw-trajectory", "type": "session.started", "ts": stamp(began - 5), "sessionId": "s2", "sessionKey": "agent:main:cron:late",
        "runId": "r", "provider": "stub", "modelId": "m", "data": {"trigger": "cron"}}) + "\n" for _ in range(1)))   # late evidence

    def is_known():
        return any(row["trigger"] == "cron" for row in report(db, "--by", "trigger")["rows"])

    wait(is_known, "the late evidence")
    stop(server)
    stop(daemon)                                 # a restart of both, and a rescan
    subprocess.run([*program, "collect", "--once", "--rescan", "--no-status", "--db", str(db), "--openclaw-home", str(home)], check=True, capture_output=True)
    with sqlite3.connect(db) as store:           # a migration: the store is as the version before left it
        store.executescript("ALTER TABLE budget_alerts DROP COLUMN estimated_usd; PRAGMA user_version = 18")
    daemon, server = collect(), serve()
    append("s1", 540, 60)
    wait(lambda: total() == 630 * TOKENS, "the last appends to be counted")
    assert sqlite3.connect(db).execute("PRAGMA user_version").fetchone()[0] > 18, "the store was not upgraded"
    wait(lambda: total("legacy") == imported + 25 * TOKENS, "what was appended after the import")
    time.sleep(3)

    # What is shipped for dashboards: every query is understood, and those that must have an answer here have one.
    starters = pathlib.Path("docs/dashboards")
    answered = {"Known cost", "Tokens", "From the cache", "Last pass", "Tokens by model", "Cost by agent", "Cost by trigger", "Store"}
    board = json.loads((starters / "grafana/prometheus.json").read_text())
    for panel in board["panels"]:
        for target in panel["targets"]:
            promql = re.sub(r"\$(agent|provider|model)\b", "(?s:.*)", target["expr"].replace("$__range", "5m").replace("$__rate_interval", "2m"))
            assert query(promql) is not None or panel["title"] not in answered, f"{panel['title']}: {promql} says nothing"
    subprocess.run(["promtool", "check", "rules", str(starters / "prometheus/rules.yml")], check=True, capture_output=True)
    subprocess.run(["promtool", "test", "rules", str(starters / "prometheus/rules.test.yml")], check=True, capture_output=True)
    runbooks = {"#" + line[4:].lower().replace(" ", "-") for line in (starters / "README.md").read_text().splitlines() if line.startswith("### ")}
    assert set(re.findall(r'runbook: "(#[a-z-]+)"', (starters / "prometheus/rules.yml").read_text())) <= runbooks, "a runbook is missing"
    for file in sorted((starters / "metabase").glob("*.sql")):
        sqlite3.connect(f"file:{db}?mode=ro", uri=True).execute(file.read_text()).fetchall()

    window = int(time.time() - began) + 5
    resets = query(f"sum(resets(token_governance_tokens_total[{window}s]))")
    assert resets == 0, f"{resets} counters fell"
    samples = json.loads(get(f"http://127.0.0.1:{PROMETHEUS}/api/v1/query?query=" + urllib.parse.quote(f'sum(token_governance_tokens_total{{job="t"}})[{window}s:1s]')))
    values = [float(value) for _, value in samples["data"]["result"][0]["values"]]
    assert values == sorted(values), "the sum fell"
    true_difference = 130 * TOKENS
    assert values[-1] - values[0] == true_difference, f"it rose by {values[-1] - values[0]}, not by {true_difference}"
    totals = report(db)["totals"]
    assert values[-1] == totals["tokens"]["total"], "it is not what the report says"
    cost = query('sum(token_governance_cost_usd_total{job="t"})')
    assert abs(cost - totals["known_cost_usd"]) < 1e-6, f"cost {cost}"
    print(f"Prometheus saw {values[-1] - values[0]:.0f} more tokens, which is what was used; no counter fell; promtool has nothing to say.")
finally:
    for process in running:
        process.kill()
