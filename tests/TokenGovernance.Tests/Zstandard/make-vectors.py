#!/usr/bin/env python3
"""Makes the frames in vectors/ and their index with the zstd program, which must be installed.

Run it from anywhere, without arguments: the folder is emptied and filled again. The plain data comes from a generator
with a fixed seed, so only another version of zstd changes the frames. index.tsv has one line a frame: file name, length
and SHA-256 of what it decodes to.
"""
import hashlib
import json
import pathlib
import struct
import subprocess

FOLDER = pathlib.Path(__file__).parent / "vectors"
KB = 1024


class Random:
    """A generator that is the same everywhere and always (xorshift64*)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state ^= self.state >> 12
        self.state = (self.state ^ (self.state << 25)) & 0xFFFFFFFFFFFFFFFF
        self.state ^= self.state >> 27
        return ((self.state * 0x2545F4914F6CDD1D & 0xFFFFFFFFFFFFFFFF) >> 32) * limit >> 32

    def of(self, items):
        return items[self.below(len(items))]


def noise(size, seed):
    random = Random(seed)
    return bytes(random.below(256) for _ in range(size))


def words(seed):
    random = Random(seed)
    syllables = ["ta", "ken", "lo", "ri", "mo", "del", "us", "age", "con", "text", "pro", "mpt", "er", "an", "st", "ing"]
    return ["".join(random.of(syllables) for _ in range(1 + random.below(3))) for _ in range(160)]


def text(size, seed):
    random, vocabulary, parts, length = Random(seed), words(seed), [], 0
    while length < size:
        parts.append(random.of(vocabulary) + random.of([" ", " ", " ", ", ", ".\n"]))
        length += len(parts[-1])
    return "".join(parts).encode()[:size]


def jsonl(size, seed):
    random, vocabulary, parts, length = Random(seed), words(seed), [], 0
    while length < size:
        row = {
            "type": "message", "id": f"{random.below(1 << 32):08x}",
            "timestamp": f"2026-01-{1 + random.below(28):02}T{random.below(24):02}:{random.below(60):02}:00.000Z",
            "message": {"role": random.of(["user", "assistant"]), "content": " ".join(random.of(vocabulary) for _ in range(random.below(40))),
                        "usage": {"input": random.below(90000), "output": random.below(3000), "cacheRead": 0}}}
        parts.append(json.dumps(row) + "\n")
        length += len(parts[-1])
    return "".join(parts).encode()[:size]


def code(size, seed):
    random, names, parts, length = Random(seed), words(seed)[:40], [], 0
    while length < size:
        indent = "    " * random.below(4)
        parts.append(indent + random.of(["if ({0} > {1}) {{ return {2}; }}", "var {0} = {1}.{2}({3});", "{0}[{3}] += {1};", "}}"]).format(
            random.of(names), random.of(names), random.of(names), random.below(100)) + "\n")
        length += len(parts[-1])
    return "".join(parts).encode()[:size]


def binary(size, seed):
    random = Random(seed)
    return b"".join(struct.pack("<IHBb", i * 3, random.below(500), random.below(4), -1) for i in range(size // 8 + 1))[:size]


def pattern(size, period, seed):
    unit = noise(period, seed)
    return (unit * (size // period + 1))[:size]


def zstd(plain, *options, piped=False):
    """Compresses; from a file, so that the frame holds the content size, unless it is piped."""
    if piped:
        return subprocess.run(["zstd", "-q", "-c", *options], input=plain, capture_output=True, check=True).stdout
    file = FOLDER / "plain"
    file.write_bytes(plain)
    try:
        return subprocess.run(["zstd", "-q", "-c", *options, str(file)], capture_output=True, check=True).stdout
    finally:
        file.unlink()


def skippable(payload, kind=0):
    return struct.pack("<II", 0x184D2A50 + kind, len(payload)) + payload


index = []


def add(name, plain, frame):
    (FOLDER / (name + ".zst")).write_bytes(frame)
    index.append(f"{name}.zst\t{len(plain)}\t{hashlib.sha256(plain).hexdigest()}\n")


def main():
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()

    for size in [*range(9), 15, 16, 17, 31, 63, 64, 100, 255, 256, 257, 400, 1000, 1024, 2000]:
        add(f"text-{size}", text(size, 1), zstd(text(size, 1), "-3"))
        if size <= 400:
            add(f"noise-{size}", noise(size, 2), zstd(noise(size, 2), "-1", "--no-check", piped=True))

    document = jsonl(9000, 3)
    for level in ["--fast=5", "--fast=1", *(f"-{n}" for n in range(1, 20)), "--ultra -20", "--ultra -21", "--ultra -22"]:
        add("jsonl-level-" + level.split()[-1].strip("-"), document, zstd(document, *level.split()))

    kinds = {"jsonl": jsonl, "text": text, "code": code, "binary": binary}
    for kind, make in kinds.items():
        for n, level in enumerate(["--fast=3", "-1", "-6", "-19"]):
            plain = make(14000, 10 + n)
            add(f"{kind}-piped-{level.strip('-')}", plain, zstd(plain, level, *["--no-check"][: n % 2], piped=True))

    for size in [127 * KB, 128 * KB - 1, 128 * KB, 128 * KB + 1]:
        plain = pattern(size, 1500, 20)
        for level in ["-1", "-19"]:
            add(f"pattern-{size}-level{level}", plain, zstd(plain, level, "--no-check"))
    for period in [1, 2, 3, 5, 7, 8, 9, 13, 15, 16, 17, 24, 31, 33, 63, 200]:
        add(f"pattern-period-{period}", pattern(3000, period, 21), zstd(pattern(3000, period, 21), "-5"))

    large = pattern(300 * KB, 6000, 22)
    large = b"".join(large[i:i + 997] + text(13, i + 1) for i in range(0, len(large), 997))
    add("mixed-300k-1", large, zstd(large, "-1"))
    add("mixed-300k-piped-19", large, zstd(large, "-19", piped=True))
    add("jsonl-140k-3", jsonl(140 * KB, 23), zstd(jsonl(140 * KB, 23), "-3"))

    zeros = bytes(5 * KB * KB)
    add("zeros-5m", zeros, zstd(zeros, "-1"))
    add("zeros-5m-piped", zeros, zstd(zeros, "-3", piped=True))
    repeated = pattern(5 * KB * KB, 4000, 24)
    add("pattern-5m", repeated, zstd(repeated, "-3"))

    # Many literals, a long match and a far one in one sequence, and more of them after it.
    start, end = noise(10 * KB, 25), text(2000, 25)
    far = start + end + bytes(9 * KB * KB) + noise(5000, 26) + start + 2 * text(600, 26)
    add("long-27", far, zstd(far, "-1", "--long=27"))
    far = start[:3000] + end + bytes(9 * KB * KB) + start[:3000] + end
    add("long-27-piped", far, zstd(far, "-3", "--long=27", piped=True))
    small_window = text(30000, 26)
    add("window-1k", small_window, zstd(small_window, "-3", "--zstd=wlog=10", piped=True))
    add("targeted-blocks", small_window, zstd(small_window, "-3", "--zstd=strat=7,mml=3,tlen=64", piped=True))

    first, second = text(3000, 27), code(2500, 28)
    frames = [zstd(first, "-3"), zstd(second, "-9", "--no-check", piped=True)]
    add("two-frames", first + second, b"".join(frames))
    add("empty-frames", b"", zstd(b"") + zstd(b"", "--no-check", piped=True))
    add("skippable-frames", first + second, skippable(b"") + frames[0] + skippable(noise(700, 29), 15) + frames[1] + skippable(b"end", 7))
    add("only-skippable", b"", skippable(b"nothing to see"))

    (FOLDER / "index.tsv").write_text("".join(sorted(index)))
    size = sum(file.stat().st_size for file in FOLDER.iterdir())
    print(f"{len(index)} frames, {size // KB} KB")


main()
