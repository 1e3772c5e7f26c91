#!/usr/bin/env bash
# A home of somebody else: said in one line, without a stack trace, and not the end of a daemon.
set -euo pipefail
program=src/TokenGovernance/bin/Release/net10.0/token-governance
store=$CI_WORK/usage.db home=$CI_WORK/home
mkdir -p "$home/agents/main/sessions"
chmod 000 "$home/agents"
# Root may read everything, unless it gives that right away.
as_somebody() {
  if [ "$(id -u)" -eq 0 ]; then setpriv --bounding-set=-dac_override,-dac_read_search "$@"; else "$@"; fi
}
expect() { # exit code, text on standard error or output, command…
  local want=$1 text=$2 rc=0 said
  shift 2
  said=$(as_somebody "$@" 2>&1) || rc=$?
  echo "$said"
  [ "$rc" -eq "$want" ] || { echo "exit code $rc, not $want" >&2; return 1; }
  grep -qF "$text" <<<"$said" || { echo "it did not say: $text" >&2; return 1; }
  ! grep -q '^   at ' <<<"$said" || { echo "a stack trace is no answer" >&2; return 1; }
}
denied="permission denied: $home/agents"
expect 1 "$denied" "$program" collect --once --no-status --db "$store" --openclaw-home "$home"
expect 1 "$denied" "$program" doctor --db "$store" --openclaw-home "$home"
expect 0 "$denied" timeout --preserve-status -s TERM 3 "$program" collect --no-status --db "$store" --openclaw-home "$home"
chmod 700 "$home/agents"
