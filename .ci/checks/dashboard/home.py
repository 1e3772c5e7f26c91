#!/usr/bin/env python3
"""Makes an OpenClaw home with two months of invented usage up to now, the same each time but for the dates.

home.py home FOLDER      the home
home.py quotas STORE     readings of quotas, into a store that was collected from it
"""
import datetime
import json
import os
import random
import sqlite3
import sys
import time
import uuid

NOW = int(time.time() * 1000)
DAY = 86_400_000
PRICED = {"claude-sonnet-4-5": ("anthropic", 3, 15), "claude-haiku-4-5": ("anthropic", 1, 5), "claude-opus-4-5": ("anthropic", 5, 25),
          "gpt-5.2": ("openai", 1.75, 14), "mistral-large": ("openrouter", 2, 6)}
FREE = {"gpt-5.2-codex": "openai-codex", "qwen3:14b": "ollama"}
# agent, key, channel, trigger, models, responses on a busy day, hours
PLANS = [
    ("main", "agent:main:main", "webchat", "user", ["claude-sonnet-4-5", "claude-opus-4-5"], 26, (7, 22)),
    ("main", "agent:main:telegram:direct:700123456", "telegram", "user", ["claude-sonnet-4-5"], 14, (6, 23)),
    ("main", "agent:main:slack:channel:C0EXAMPLE01", "slack", "user", ["claude-haiku-4-5"], 18, (8, 18)),
    ("main", "agent:main:cron:daily-brief", None, "cron", ["claude-sonnet-4-5"], 5, (6, 7)),
    ("research", "agent:research:cron:nightly-papers", None, "cron", ["gpt-5.2", "mistral-large"], 22, (1, 4)),
    ("research", "agent:research:main", "webchat", "user", ["gpt-5.2-codex", "gpt-5.2"], 20, (9, 20)),
    ("ops", "agent:ops:cron:backup-check", None, "cron", ["claude-haiku-4-5"], 8, (0, 23)),
    ("ops", "agent:ops:discord:channel:99887766", "discord", "user", ["qwen3:14b", "claude-haiku-4-5"], 9, (10, 17)),
    ("support", "agent:support:whatsapp:direct:+431234567", "whatsapp", "user", ["claude-haiku-4-5"], 16, (7, 20)),
    ("support", 'agent:support:<b onmouseover="alert(1)">&amp;', "web<chat>", "user", ["claude-haiku-4-5"], 2, (7, 20)),
]


def stamp(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def answer(rng, ms, model):
    cached, fresh, out, wrote = rng.randint(8_000, 90_000), rng.randint(20, 4_000), rng.randint(80, 2_500), rng.choice([0, 0, rng.randint(500, 9_000)])
    usage = {"input": fresh, "output": out, "cacheRead": cached, "cacheWrite": wrote, "totalTokens": cached + fresh + out + wrote}
    if model in PRICED:
        provider, price_in, price_out = PRICED[model]
        cost = {"input": fresh * price_in / 1e6, "output": out * price_out / 1e6, "cacheRead": cached * price_in / 1e7, "cacheWrite": wrote * price_in * 1.25 / 1e6}
    else:
        provider, cost = FREE[model], {"input": 0, "output": 0, "cacheRead": 0, "cacheWrite": 0}
    cost["total"] = sum(cost.values())
    usage["cost"] = cost
    return {"type": "message", "id": f"{rng.getrandbits(32):08x}", "timestamp": stamp(ms + 4_000), "message": {
        "role": "assistant", "content": [{"type": "text", "text": "lorem ipsum"}], "api": "x", "provider": provider, "model": model, "usage": usage,
        "stopReason": "error" if rng.random() < 0.004 else "stop", "timestamp": ms}}


def make_home(home):
    rng = random.Random(4711)
    index = {}
    today = NOW // DAY * DAY
    for agent, key, channel, trigger, models, busy, (first, last) in PLANS:
        folder = os.path.join(home, "agents", agent, "sessions")
        os.makedirs(folder, exist_ok=True)
        session = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        times = []
        for back in range(62, -1, -1):
            day = today - back * DAY
            weekday = datetime.datetime.fromtimestamp(day / 1000, datetime.timezone.utc).weekday()
            share = (0.35 if weekday > 4 and trigger == "user" else 1) * (0.6 + 0.6 * (62 - back) / 62) * (2.4 if back == 9 and agent == "research" else 1)
            for _ in range(max(0, round(rng.gauss(busy * share, busy * 0.25)))):
                times.append(day + rng.randint(first * 3_600_000, (last + 1) * 3_600_000 - 1))
        times = sorted(t for t in times if t < NOW - 60_000)
        with open(os.path.join(folder, f"{session}.jsonl"), "w", encoding="utf-8") as file:
            file.write(json.dumps({"type": "session", "version": 3, "id": session, "timestamp": stamp(times[0] - 1), "cwd": "/home/user"}) + "\n")
            for ms in times:
                file.write(json.dumps(answer(rng, ms, models[0] if rng.random() < 0.75 else models[-1])) + "\n")
        entry = {"sessionId": session, "updatedAt": times[-1], "sessionStartedAt": times[0]}
        if channel:
            entry |= {"lastChannel": channel, "channel": channel, "chatType": "direct" if ":direct:" in key else "channel" if ":channel:" in key else "direct"}
        index.setdefault(agent, {})[key] = entry
    for agent, entries in index.items():
        with open(os.path.join(home, "agents", agent, "sessions", "sessions.json"), "w", encoding="utf-8") as file:
            json.dump(entries, file)


def add_quotas(store):
    with sqlite3.connect(store) as db:
        for minutes in (240, 120, 3):
            at = stamp(NOW - minutes * 60_000)
            rows = [("anthropic", "max", "5h", 71 - minutes / 6, NOW + 5_400_000, "window", None, None, None, None),
                    ("anthropic", "max", "Week", 46, NOW + 3 * DAY, "window", None, None, None, None),
                    ("openai-codex", "plus", "5h", 12, NOW + 9_000_000, "window", None, None, None, None),
                    ("openai-codex", "plus", "Week", 88.5, NOW + 2 * DAY, "window", None, None, None, None),
                    ("openrouter", None, None, None, None, "balance", 18.42, None, "USD", None)]
            db.executemany("INSERT INTO provider_usage_snapshots (snapshot_ts, provider, plan, window_label, used_percent, reset_at_ms, kind, amount, amount_limit,"
                           " unit, period, home) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '/home/user/.openclaw')", [(at, *row) for row in rows])
        texts = [("budget", "research-day", "research", "research-day: $4.13 of $4.00 used today (103 %).", 26, 20), ("runaway", "runaway", "research", "agent research used $2.40 in 15 minutes and $3.90 in an hour; its busiest in 28 days were $0.60 and $1.10.", 9 * 24, 9 * 24 - 2),
                 ("quota", "openai-codex Week", "", "openai-codex Week: 88.5 % used, warned at 80 %.", 2, None)]
        for kind, budget, instance, text, hours, over in texts:
            db.execute("INSERT INTO budget_alerts (kind, budget, instance, period_start, threshold, limit_value, value, unit, unpriced_events, fired_ts, resolved_ts, text)"
                       " VALUES (?, ?, ?, ?, 100, 4, 4.13, 'USD', 0, ?, ?, ?)",
                       (kind, budget, instance, stamp(NOW - hours * 3_600_000), stamp(NOW - hours * 3_600_000), over and stamp(NOW - over * 3_600_000), text))


if __name__ == "__main__":
    {"home": make_home, "quotas": add_quotas}[sys.argv[1]](sys.argv[2])
