#!/usr/bin/env bash
# The templates in docs/deploy are what their readers will take them for: launchd, the Windows scheduler and cron.
set -euo pipefail
python3 - <<'PY'
import plistlib, re, sys
import xml.etree.ElementTree as ET

with open("docs/deploy/launchd/token-governance.plist", "rb") as f:
    plist = plistlib.load(f)
assert plist["Label"] and plist["ProgramArguments"][1] == "collect", plist
assert plist["Umask"] == 0o077, "what the daemon writes is its user's alone"

ns = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
task = ET.parse("docs/deploy/windows/token-governance.xml").getroot()
assert task.tag == ns + "Task"
# The scheduler takes the elements of <Settings> in any order, those of <Task> only in this one.
assert [child.tag.removeprefix(ns) for child in task] == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
assert task.find(f"{ns}Settings/{ns}ExecutionTimeLimit").text == "PT0S", "it would be ended after three days"
assert "collect" in task.find(f"{ns}Actions/{ns}Exec/{ns}Arguments").text

lines = [l for l in open("docs/deploy/cron/token-governance.cron").read().splitlines() if l and not l.startswith(("#", "PATH="))]
assert lines
for line in lines:
    assert re.fullmatch(r"(\S+ ){4}\S+ +/\S+/token-governance collect --once .*>/dev/null", re.sub(" {2,}", " ", line)), line
    assert "%" not in line, "cron takes a percent sign for the end of the line"
PY
