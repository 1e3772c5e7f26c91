#!/usr/bin/env python3
"""Makes the frames in this folder and their index with the zstd program, which must be installed.

Run it from anywhere, without arguments: all frames are made anew. The plain data comes from a generator
with a fixed seed, so only another version of zstd changes the frames. index.tsv has one line a frame: file name, length
and SHA-256 of what it decodes to.
"""
import hashlib
import json
import pathlib
import struct
import subprocess

FOLDER = pathlib.Path(__file__).parent
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
    for old in FOLDER.glob("*.zst"):
        old.unlink()

    add("text-100", text(100, 1), zstd(text(100, 1), "-3"))
    add("noise-400", noise(400, 2), zstd(noise(400, 2), "-1", "--no-check", piped=True))

    document = jsonl(9000, 3)
    add("jsonl-level-1", document, zstd(document, "-1"))
    add("jsonl-level-19", document, zstd(document, "-19"))
    add("jsonl-piped-1", jsonl(14000, 11), zstd(jsonl(14000, 11), "-1", "--no-check", piped=True))
    add("jsonl-140k-3", jsonl(140 * KB, 23), zstd(jsonl(140 * KB, 23), "-3"))

    large = pattern(300 * KB, 6000, 22)
    large = b"".join(large[i:i + 997] + text(13, i + 1) for i in range(0, len(large), 997))
    add("mixed-300k-piped-19", large, zstd(large, "-19", piped=True))
    zeros = bytes(5 * KB * KB)
    add("zeros-5m", zeros, zstd(zeros, "-1"))
    add("zeros-5m-piped", zeros, zstd(zeros, "-3", piped=True))

    start, end = noise(10 * KB, 25), text(2000, 25)
    far = start[:3000] + end + bytes(9 * KB * KB) + start[:3000] + end
    add("long-27-piped", far, zstd(far, "-3", "--long=27", piped=True))
    add("window-1k", text(30000, 26), zstd(text(30000, 26), "-3", "--zstd=wlog=10", piped=True))

    first, second = text(3000, 27), code(2500, 28)
    frames = [zstd(first, "-3"), zstd(second, "-9", "--no-check", piped=True)]
    add("two-frames", first + second, b"".join(frames))
    add("empty-frames", b"", zstd(b"") + zstd(b"", "--no-check", piped=True))
    add("skippable-frames", first + second, skippable(b"") + frames[0] + skippable(noise(700, 29), 15) + frames[1] + skippable(b"end", 7))
    add("only-skippable", b"", skippable(b"nothing to see"))

    (FOLDER / "index.tsv").write_text("".join(sorted(index)))


main()
