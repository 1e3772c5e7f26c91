#!/usr/bin/env python3
"""Writes an invented OpenClaw home: three agents, some weeks of responses up to now, always the same numbers for one seed.

    python3 docs/images/invent-home.py FOLDER [--days 45] [--seed 7]
"""
import argparse
import datetime
import json
import math
import os
import random
import uuid

# Provider, model, US dollars per million tokens: input, output, cache read, cache write; None: no price is configured.
SONNET = ("anthropic", "claude-sonnet-4-5", (3, 15, 0.3, 3.75))
HAIKU = ("anthropic", "claude-haiku-4-5", (1, 5, 0.1, 1.25))
CODEX = ("openai-codex", "gpt-5.2-codex", None)
LARGE = ("openrouter", "mistralai/mistral-large", (2, 6, 0.2, 2))

# Agent, key after "agent:<id>:", model, turns a day, hour, what the index says of the channel.
SESSIONS = [
    ("main", "telegram:direct:5550100", SONNET, 9, 14, {"channel": "telegram", "chatType": "direct"}),
    ("main", "slack:channel:C0INVENTED", SONNET, 5, 11, {"channel": "slack", "chatType": "channel"}),
    ("main", "main:heartbeat", HAIKU, 8, 12, {}),
    ("research", "discord:channel:880000000000000001", CODEX, 4, 16, {"channel": "discord", "chatType": "channel"}),
    ("research", "telegram:group:-100200300", LARGE, 5, 15, {"channel": "telegram", "chatType": "group"}),
    ("ops", "cron:0f2a6c1e-1f1b-4f7e-9a53-6c0a4f8f1d01", HAIKU, 4, 6, {"label": "Cron: nightly sync"}),
    ("ops", "cron:7d9be20a-64d5-4c7c-8d3e-21f4b8a9c002", HAIKU, 3, 7, {"label": "Cron: morning check"}),
]


def cost_of(tokens, prices):
    parts = dict(zip(("input", "output", "cacheRead", "cacheWrite"), (t * p / 1e6 for t, p in zip(tokens, prices or (0, 0, 0, 0)))))

    return {name: round(value, 9) for name, value in parts.items()} | {"total": round(sum(parts.values()), 9)}


def response(rng, when, model, stop="stop", is_empty=False):
    provider, name, prices = model
    tokens = (rng.randint(5, 60), rng.randint(5, 12) if is_empty else rng.randint(150, 1800), rng.randint(9000, 60000), rng.randint(200, 6000))
    usage = dict(zip(("input", "output", "cacheRead", "cacheWrite"), tokens)) | {"totalTokens": sum(tokens), "cost": cost_of(tokens, prices)}
    text = when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03}Z"

    return {
        "type": "message", "id": f"{rng.getrandbits(32):08x}", "parentId": None, "timestamp": text,
        "message": {
            "role": "assistant", "content": [{"type": "text", "text": "…"}], "api": "messages", "provider": provider, "model": name, "usage": usage,
            "stopReason": stop, "timestamp": int(when.timestamp() * 1000) - 4000,
        },
    }


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folder")
    options.add_argument("--days", type=int, default=45)
    options.add_argument("--seed", type=int, default=7)
    args = options.parse_args()
    rng = random.Random(args.seed)
    now = datetime.datetime.now(datetime.timezone.utc)
    indexes = {}
    for agent, rest, model, turns, hour, more in SESSIONS:
        folder = os.path.join(args.folder, "agents", agent, "sessions")
        os.makedirs(folder, exist_ok=True)
        session = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        first = now - datetime.timedelta(days=args.days)
        lines = [{"type": "session", "version": 3, "id": session, "timestamp": first.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "cwd": "/home/user/workspace"}]
        level = 1.0
        for day in range(args.days + 1):
            level *= math.exp(rng.gauss(0, 0.1))
            midnight = (first + datetime.timedelta(days=day)).replace(hour=0, minute=0, second=0, microsecond=0)
            weekend = 0.4 if midnight.weekday() >= 5 and "cron" not in rest else 1
            runaway = 12 if agent == "research" and day == args.days - 9 else 1
            for _ in range(max(0, round(rng.gauss(turns * level * weekend * runaway, 1)))):
                when = midnight + datetime.timedelta(hours=min(23, max(0, rng.gauss(hour, 2.5))), minutes=rng.randint(0, 59), milliseconds=rng.randint(0, 999))
                stop = "error" if rng.random() < 0.02 else "stop"
                if when < now:
                    lines.append(response(rng, when, model, stop, rest.endswith("heartbeat") and rng.random() < 0.7))

        lines[1:] = sorted(lines[1:], key=lambda line: line["timestamp"])
        with open(os.path.join(folder, f"{session}.jsonl"), "w", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        indexes.setdefault(folder, {})[f"agent:{agent}:{rest}"] = {
            "sessionId": session, "updatedAt": int(now.timestamp() * 1000), "sessionFile": f"/home/user/.openclaw/agents/{agent}/sessions/{session}.jsonl",
            "modelProvider": model[0], "model": model[1], **more,
        }

    for folder, index in indexes.items():
        with open(os.path.join(folder, "sessions.json"), "w", encoding="utf-8") as file:
            json.dump(index, file, indent=2)


if __name__ == "__main__":
    main()
