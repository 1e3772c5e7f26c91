#!/usr/bin/env python3
"""Draws what the program shows on a terminal as an SVG picture: real output of an invented home, made anew each time.

    python3 docs/images/picture.py docs/images/terminal.svg -- dotnet src/TokenGovernance/bin/Release/net10.0/token-governance.dll

Behind the dashes stands how the program is run. Linux and macOS only: it needs a terminal.
"""
import fcntl
import html
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios

HERE = os.path.dirname(os.path.abspath(__file__))
COLUMNS, CELL, LINE, MARGIN = 104, 8.0, 18, 16
COMMANDS = [["status"], ["report", "agents", "--period", "this-month"], ["report", "compare", "--by", "agent"]]
CLASSES = {"1": "b", "2": "d", "36": "c", "32": "g"}
STYLE = (
    ".t{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;white-space:pre;fill:#1f2328}"
    ".p{fill:#f6f8fa;stroke:#d1d9e0}.b{font-weight:600}.d{fill:#59636e}.c{fill:#0969da}.g{fill:#1a7f37}.m{fill:#8250df}"
    "@media (prefers-color-scheme:dark){.t{fill:#f0f6fc}.p{fill:#0d1117;stroke:#3d444d}.d{fill:#9198a1}.c{fill:#4493f8}.g{fill:#3fb950}.m{fill:#ab7df8}}"
)


def on_terminal(command, environment):
    """Runs a command on a terminal of its own and returns what it showed."""
    child, fd = pty.fork()
    if child == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 60, COLUMNS, 0, 0))
        os.execvpe(command[0], command, environment)

    shown = b""
    while True:
        try:
            part = os.read(fd, 65536)
        except OSError:
            break

        if not part:
            break

        shown += part

    if os.waitpid(child, 0)[1] != 0:
        sys.exit(f"{' '.join(command)} failed:\n{shown.decode()}")

    return shown.decode().replace("\r\n", "\n")


def runs_of(line):
    """Splits a line into runs of one look: the column each begins in, its class, its text."""
    column, look = 0, ""
    for part in re.split(r"(\x1b\[[0-9;?]*[A-Za-z=>]|\x1b=|\x1b>)", line):
        if part.startswith("\x1b"):
            look = CLASSES.get(part[2:-1], "") if part.endswith("m") else look
            continue

        for piece in re.split(r"( {2,})", part):
            if piece.strip():
                yield column, look, piece

            column += len(piece)


def main():
    target, dashes, *program = sys.argv[1:]
    if dashes != "--" or not program:
        sys.exit(__doc__)

    lines = []
    with tempfile.TemporaryDirectory() as folder:
        home, store = os.path.join(folder, "home"), os.path.join(folder, "usage.db")
        environment = {**os.environ, "TOKEN_GOVERNANCE_DB": store, "TOKEN_GOVERNANCE_CONFIG": os.path.join(folder, "config.toml"), "TZ": "UTC", "TERM": "xterm-256color"}
        with open(environment["TOKEN_GOVERNANCE_CONFIG"], "w", encoding="utf-8") as file:
            file.write('timezone = "Europe/Vienna"\n[[budget]]\nname = "research-day"\nwhere = ["agent=research"]\nperiod = "day"\nlimit = "5 USD"\nwarn = [80]\n')

        subprocess.run([sys.executable, os.path.join(HERE, "invent-home.py"), home], check=True)
        subprocess.run([*program, "collect", "--once", "--no-status", "--openclaw-home", home], check=True, env=environment, stdout=subprocess.DEVNULL)
        for command in COMMANDS:
            lines.append([(0, "m", "$ token-governance " + " ".join(command))])
            shown = on_terminal([*program, *command], environment).rstrip("\n")
            lines.extend(list(runs_of(line)) for line in shown.split("\n"))
            lines.append([])

    width, height = round(COLUMNS * CELL + 2 * MARGIN), (len(lines) - 1) * LINE + 2 * MARGIN
    texts = "\n".join(
        f'<text class="t {look}" x="{MARGIN + column * CELL:.0f}" y="{MARGIN + 13 + row * LINE}" textLength="{len(text) * CELL:.0f}" lengthAdjust="spacingAndGlyphs">{html.escape(text)}</text>'
        for row, line in enumerate(lines) for column, look, text in line)
    with open(target, "w", encoding="utf-8") as file:
        file.write(
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img" '
            f'aria-label="What token-governance status, report and report compare show on a terminal"><style>{STYLE}</style>'
            f'<rect class="p" x=".5" y=".5" width="{width - 1}" height="{height - 1}" rx="8"/>\n{texts}\n</svg>\n')


if __name__ == "__main__":
    main()
