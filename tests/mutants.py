#!/usr/bin/env python3
"""Puts deliberate defects into a copy of the program, one at a time, and expects its tests to fail.

    tests/mutants.py                 tries all of tests/mutants/mutants.txt
    tests/mutants.py NAME…           tries some
    tests/mutants.py --list          names them, with the tests that must catch each
    tests/mutants.py --check         looks whether each still fits the program, without building anything

Ends with 0 if every mutant was caught. Needs the .NET SDK; about half a minute a mutant on two cores.
"""
import glob, os, re, shutil, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TESTS = "tests/TokenGovernance.Tests"


def read():
    mutants, edit = [], None
    for line in open(f"{ROOT}/tests/mutants/mutants.txt", encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("## "):
            mutants.append({"name": line[3:], "what": "", "tests": [], "edits": []})
        elif line.startswith("# ") or line in ("", "#"):
            continue
        elif line.startswith("test: "):
            mutants[-1]["tests"] = line[6:].split("|")
        elif line.startswith("file: "):
            edit = {"file": line[6:]}
            mutants[-1]["edits"].append(edit)
        elif line.startswith("- "):
            edit["old"] = line[2:]
        elif line.startswith("+"):
            edit["new"] = line[2:]
        else:
            mutants[-1]["what"] += line
    return mutants


def pattern(text):
    """White space between two words may be any, line ends included."""
    return r"\s+".join(re.escape(word) for word in text.split())


def misfit(mutant, folder):
    """Returns why a mutant cannot be put into the program as it is in the folder, or None."""
    for edit in mutant["edits"]:
        path = f"{folder}/src/TokenGovernance/{edit['file']}"
        if not os.path.exists(path):
            return f"there is no {edit['file']}"
        count = len(re.findall(pattern(edit["old"]), open(path, encoding="utf-8").read()))
        if count != 1:
            return f"'{edit['old']}' is {count} times in {edit['file']}"
    tests = "\n".join(os.path.basename(name) for name in glob.glob(f"{folder}/{TESTS}/**/*.cs", recursive=True))
    for test in mutant["tests"]:
        if f"{test}.cs" not in tests:
            return f"there is no test {test}"
    return None


def check():
    misfits = [(mutant["name"], why) for mutant in read() if (why := misfit(mutant, ROOT))]
    for name, why in misfits:
        print(f"{name}: {why}")
    print("every mutant fits" if not misfits else f"{len(misfits)} do not fit")
    return 1 if misfits else 0


def run(command, folder):
    env = dict(os.environ, DOTNET_CLI_TELEMETRY_OPTOUT="1", DOTNET_NOLOGO="1")
    done = subprocess.run(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def build(folder):
    return run(["dotnet", "build", TESTS, "-c", "Release", "--no-restore", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false"], folder)


def try_one(mutant, folder):
    """Returns what came of it: the name of the class that caught it, or what went wrong."""
    originals = {}
    if why := misfit(mutant, folder):
        return "STALE", why
    try:
        for edit in mutant["edits"]:
            path = f"{folder}/src/TokenGovernance/{edit['file']}"
            text = open(path, encoding="utf-8").read()
            originals.setdefault(path, text)
            found = re.findall(pattern(edit["old"]), text)
            open(path, "w", encoding="utf-8").write(text.replace(found[0], edit["new"]))
        code, output = build(folder)
        if code:
            return "STALE", "it does not build: " + next((line for line in output.splitlines() if "error" in line), "")
        for test in mutant["tests"]:
            code, output = run(["dotnet", "test", TESTS, "-c", "Release", "--no-build", "--filter", f"FullyQualifiedName~{test}"], folder)
            if re.search(r"Failed:\s+[1-9]", output):
                return "caught", test
            if "No test matches" in output:
                return "STALE", f"there is no test {test}"
        return "SURVIVED", "|".join(mutant["tests"])
    finally:
        for path, text in originals.items():
            open(path, "w", encoding="utf-8").write(text)


def main(names):
    mutants = read()
    if names == ["--list"]:
        for mutant in mutants:
            print(f"{mutant['name']}\t{mutant['what']}\t{', '.join(mutant['tests'])}")
        return 0
    if names == ["--check"]:
        return check()
    unknown = set(names) - {mutant["name"] for mutant in mutants}
    if unknown:
        sys.exit(f"no such mutant: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as folder:
        copy = f"{folder}/copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", "bin", "obj", "artifacts", "TestResults"))
        code, output = run(["dotnet", "restore", TESTS], copy)
        if code == 0 and not names:
            code, output = build(copy)
        if code:
            sys.exit(f"the unchanged program does not build:\n{output}")
        failures = 0
        for mutant in mutants:
            if names and mutant["name"] not in names:
                continue
            started = time.monotonic()
            verdict, by = try_one(mutant, copy)
            failures += verdict != "caught"
            print(f"{verdict:<9} {mutant['name']:<36} {by} ({time.monotonic() - started:.0f} s)", flush=True)
        print("every mutant was caught" if failures == 0 else f"{failures} not caught")
        return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
