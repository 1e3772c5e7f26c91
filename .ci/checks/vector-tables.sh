#!/usr/bin/env bash
# Databases with the vector tables of memory search, made by the real extension: read as if these were not there.
set -euo pipefail
program=$PWD/src/TokenGovernance/bin/Release/net10.0/token-governance
. .ci/debian
command -v sqlite3 >/dev/null || install_debian sqlite3
command -v npm >/dev/null || install_debian npm
(cd "$CI_WORK" && npm pack --silent sqlite-vec-linux-x64@0.1.9 >/dev/null && tar xzf sqlite-vec-linux-x64-*.tgz)
cp -r tests/fixtures/openclaw-2026.9.6/home "$CI_WORK/home"
count() { # store, home
  "$program" collect --once --no-status --db "$1" --openclaw-home "$2" >/dev/null || return
  sqlite3 "$1" "SELECT count(*), sum(total_tokens), sum(session_key IS NOT NULL), sum(trigger IS NOT NULL) FROM usage_events"
}
want=$(count "$CI_WORK/without.db" tests/fixtures/openclaw-2026.9.6/home)
while IFS= read -r database; do
  sqlite3 "$database" ".load $CI_WORK/package/vec0" "
    CREATE VIRTUAL TABLE memory_index_chunks_vec USING vec0(id TEXT PRIMARY KEY, embedding FLOAT[4]);
    INSERT INTO memory_index_chunks_vec VALUES ('a', '[1, 2, 3, 4]');"
done < <(find "$CI_WORK/home" -name openclaw-agent.sqlite)
got=$(count "$CI_WORK/with.db" "$CI_WORK/home")
echo "without: $want; with: $got"
[ -n "$want" ] && [ "$got" = "$want" ]
