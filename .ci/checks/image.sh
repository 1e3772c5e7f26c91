#!/usr/bin/env bash
# What docs/deploy/Dockerfile puts into the image works with nothing else around it: no shell, no .NET, no network, nothing writable but the store, no rights.
# The image itself is built by the workflow; here its files lie in a folder that becomes the root.
set -euo pipefail
. .ci/debian
work=${CI_WORK:?}
dockerfile=docs/deploy/Dockerfile
[ "$(id -u)" -eq 0 ] && unshare --mount --net --pid --fork true 2>/dev/null || missing "making a root folder needs root and namespaces"

echo "what is copied for the build is enough to build"
mkdir "$work/source"
# Each COPY of the build stage: what is tracked of it, where the image has it.
sed -n '/ AS build/,/^FROM mcr.*runtime/ s/^COPY //p' $dockerfile | while read -r line; do
  read -ra words <<< "$line"
  for from in "${words[@]:0:${#words[@]}-1}"; do
    target=${words[-1]} && [ "$target" != ./ ] || target=$from
    mkdir -p "$(dirname "$work/source/$target")" && cp -r "$from" "$work/source/$target"
  done
done
rm -rf "$work"/source/src/*/{bin,obj}
(cd "$work/source" && dotnet build src/TokenGovernance -c Release -o "$work/built" -p:RestoreLockedMode=false -p:RunAnalyzers=false -v quiet)
mkdir "$work/user"
HOME="$work/user" "$work/built/token-governance" setup --service cron --dry-run | grep -q "collect --once" || { echo "the files of docs/deploy are not in the program" >&2; exit 1; }

. .ci/native

# As the last stage of the Dockerfile has it: the program; and of the base image the C library, OpenSSL and time zones.
setting() { sed -n "s/^$1 //p" $dockerfile | tail -1; }
[ "$(setting USER)" = 1000:1000 ] || { echo "the image does not run as user 1000" >&2; exit 1; }
mapfile -t command < <(python3 -c 'import json, sys; print(*(json.loads(sys.argv[1])), sep="\n")' "$(setting ENTRYPOINT)")
mapfile -t arguments < <(python3 -c 'import json, sys; print(*(json.loads(sys.argv[1])), sep="\n")' "$(setting CMD)")
root="$work/root"
mkdir -p "$root"/{opt,usr/share,data,openclaw,proc,dev,tmp}
cp -r "$native" "$root/opt/token-governance"
openssl=$(ldconfig -p | sed -nE 's|.*libssl\.so\.3 .*=> (.*)|\1|p' | head -1)
[ -n "$openssl" ] || missing "there is no OpenSSL 3"
{ ldd "$native/token-governance" "$native"/*.so "$openssl"; echo "	$openssl ()"; } | sed -nE 's|.*[[:space:]](/[^ ]+) \(.*|\1|p' | sort -u | while read -r library; do
  mkdir -p "$root$(dirname "$library")" && cp -L "$library" "$root$library"
done
cp -r /usr/share/zoneinfo "$root/usr/share/"
chown 1000:1000 "$root/data"
find "$root" -type f -printf '%s\n' | awk '{ sum += $1 } END { printf "the files of the image: %.1f MB, time zones included\n", sum / 1e6 }'
[ ! -e "$root/bin/sh" ] || { echo "there is a shell" >&2; exit 1; }

cat > "$work/inside.sh" <<'INSIDE'
set -euo pipefail
root=$1 home=$2
shift 2
mount --make-rprivate /
mount --bind "$root" "$root" && mount --bind "$root/data" "$root/data" && mount --bind "$home" "$root/openclaw"
mount -t tmpfs tmpfs "$root/tmp" && mount -t proc proc "$root/proc"
for device in null urandom; do mount --bind "/dev/$device" "$root/dev/$device"; done
mount -o remount,bind,ro "$root/openclaw" && mount -o remount,bind,ro "$root"
exec "$(command -v env)" -i TOKEN_GOVERNANCE_DB=/data/token_usage.db OPENCLAW_STATE_DIR=/openclaw TZ=Europe/Vienna \
  "$(command -v setpriv)" --no-new-privs "$(command -v chroot)" --userspec=1000:1000 "$root" "$@"
INSIDE
touch "$root"/dev/{null,urandom}
cp -r docs/sample-home "$work/home" && chmod -R a+rX "$work/home"
run() { unshare --mount --net --pid --fork --kill-child bash "$work/inside.sh" "$root" "$work/home" "$@"; }

echo "one collection and a report"
run "${command[@]}" collect --once --no-status | tail -2
run "${command[@]}" report --by month --json > "$work/report.json"
grep -q 1370598 "$work/report.json" && grep -q '"time_zone": "Europe/Vienna"' "$work/report.json" || { cat "$work/report.json" >&2; exit 1; }
[ "$(stat -c %u:%a "$root/data/token_usage.db")" = 1000:600 ] || { echo "the store is not its user's alone" >&2; exit 1; }

echo "what the image runs by itself: ${arguments[*]}"
run "${command[@]}" "${arguments[@]}" > "$work/daemon.log" 2>&1 &
outer=$!
trap 'kill -KILL $outer 2>/dev/null || true' EXIT
for _ in $(seq 600); do grep -q "collecting into" "$work/daemon.log" && break; sleep 0.1; done
grep "collecting into" "$work/daemon.log"
daemon=$outer
while child=$(pgrep -P "$daemon" | head -1); [ -n "$child" ]; do daemon=$child; done
[ "$(ps -o uid= -p "$daemon" | tr -d ' ')" = 1000 ] || { echo "the daemon does not run as user 1000" >&2; exit 1; }
kill -TERM "$daemon"
wait "$outer" || { cat "$work/daemon.log" >&2; exit 1; }
grep -q stopped "$work/daemon.log"
