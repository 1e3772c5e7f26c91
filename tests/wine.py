#!/usr/bin/env python3
"""Runs the program for Windows under Wine, as somebody at a terminal would.

    tests/wine.py PROGRAM.exe WORK EXPECTED     WORK holds a copy of the sample home; EXPECTED says what must come out of it

Ends with 0 if everything is as it is elsewhere.
"""
import csv, glob, json, os, pty, re, select, subprocess, sys, time

program, work, expected = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), json.load(open(sys.argv[3]))["totals"]
os.chdir(work)
STORE = "Zähler ✓.db"


def run(*arguments, code=0):
    done = subprocess.run(["wine", program, *arguments], capture_output=True, timeout=300)
    out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    assert done.returncode == code, (arguments, done.returncode, out, err)
    print("ok", *arguments, flush=True)
    return out, err


class Terminal:
    """A verb that runs at a terminal of its own: what it shows is read, and keys are pressed."""

    def __init__(self, *arguments):
        self.shown = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvp("wine", ["wine", program, *arguments])

    def until(self, text, seconds=120):
        end = time.monotonic() + seconds
        while text.encode() not in self.shown:
            assert time.monotonic() < end, (text, self.shown.decode(errors="replace"))
            self.read(1)

    def read(self, seconds):
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            some = os.read(self.fd, 4096)
        except OSError:
            some = b""
        self.shown += some
        return bool(some)

    def press_ctrl_c(self):
        os.write(self.fd, b"\x03")
        while self.read(60):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


out, _ = run("init", "--db", STORE)
assert STORE in out, out
out, _ = run("collect", "--once", "--no-status", "--openclaw-home", "home", "--db", STORE)
assert f"{expected['events']} responses added" in out and STORE in out, out
out, _ = run("collect", "--once", "--no-status", "--openclaw-home", "home", "--db", STORE)
assert "no new responses" in out, out

report = json.loads(run("report", "--by", "model", "--tz", "Europe/Vienna", "--db", STORE, "--json")[0])
assert report["time_zone"] == "Europe/Vienna", report["time_zone"]
assert sum(row["tokens"]["total"] for row in report["rows"]) == expected["total"], report["rows"]
for zone in ("Pacific/Apia", "Africa/Casablanca", "America/Sao_Paulo", "America/St_Johns"):
    assert json.loads(run("report", "--tz", zone, "--db", STORE, "--json")[0])["time_zone"] == zone
zone = json.loads(run("report", "--db", STORE, "--json")[0])["time_zone"]
assert "Standard Time" not in zone, zone
_, said = run("report", "--tz", "Europe/Viena", "--db", STORE, code=2)
assert "Europe/Vienna" in said, said

run("export-csv", "--db", STORE, "--out-dir", "exports")
rows = list(csv.DictReader(open("exports/usage_events.csv", encoding="utf-8-sig")))
assert (len(rows), sum(int(row["total_tokens"]) for row in rows)) == (expected["events"], expected["total"]), len(rows)
assert not [name for name in os.listdir("exports") if not name.endswith(".csv")], os.listdir("exports")

daemon = Terminal("collect", "--no-status", "--openclaw-home", "home", "--db", STORE)
daemon.until("collecting into")
_, said = run("collect", "--no-status", "--openclaw-home", "home", "--db", STORE, code=1)
print(said.strip())
with open("home/agents/main/sessions/windows.jsonl", "w") as session:
    session.write('{"type":"session","version":3,"id":"windows","timestamp":"2026-11-20T10:00:00.000Z"}\n')
    session.write('{"type":"message","id":"w1","timestamp":"2026-11-20T10:00:01.000Z","message":{"role":"assistant","content":[],'
                  '"api":"a","provider":"p","model":"m","usage":{"input":7,"output":8,"totalTokens":15}}}\n')
daemon.until("1 new event")
code = daemon.press_ctrl_c()
shown = re.sub(r"\x1b\[[^a-zA-Z]*[a-zA-Z]|[\r\n]", "", daemon.shown.decode("utf-8"))      # the terminal breaks long lines
assert code == 0 and STORE in shown and "stopped" in shown, (code, shown)
print("ok Ctrl-C ends the daemon")
out, _ = run("doctor", "--quick", "--openclaw-home", "home", "--db", STORE)

# The service of a user: shown, made and taken back. Wine's schtasks takes the task, but starts nothing at logon. In a new
# Wine its scheduler is not there at once, and cannot be started while others start.
end = time.monotonic() + 120
while not re.search("successfully|already", said := subprocess.run(["wine", "net", "start", "Schedule"], capture_output=True, text=True, errors="replace").stdout):
    assert time.monotonic() < end, said
    time.sleep(1)
appdata = os.path.join(os.environ["WINEPREFIX"], "drive_c", "users")
made = lambda: sorted(os.path.basename(path) for path in glob.glob(f"{appdata}/*/AppData/*/token-governance/*"))
out, _ = run("setup", "--dry-run", "--openclaw-home", "home", "--db", STORE)
assert "schtasks /Create" in out and "Nothing was changed." in out and made() == [], (out, made())
out, _ = run("setup", "--openclaw-home", "home", "--db", STORE)
assert "Done." in out and made() == ["config.toml", "token-governance-task.xml"], (out, made())
run("config", "check")
out, _ = run("setup", "--remove")
assert "schtasks /Delete" in out and made() == [] and os.path.exists(STORE), (out, made())
print("right under", subprocess.run(["wine", "--version"], capture_output=True, text=True).stdout.strip())
