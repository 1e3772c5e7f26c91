#!/usr/bin/env bash
# The service files: known to systemd, hardened, and the program does its work with no more rights than they leave it.
set -euo pipefail
work=${CI_WORK:?}
units=docs/deploy/systemd
program=$PWD/src/TokenGovernance/bin/Release/net10.0/token-governance
export XDG_RUNTIME_DIR=$work/run SYSTEMD_COLORS=0
mkdir -m 700 "$XDG_RUNTIME_DIR"

. .ci/debian
command -v systemd-analyze >/dev/null || install_debian --no-install-recommends systemd

# Where the units name the place of installation, there must be a program.
for kind in user system; do
  mkdir "$work/$kind"
  for unit in "$units/$kind"/*; do
    sed "s|/opt/token-governance/token-governance|$program|" "$unit" >"$work/$kind/$(basename "$unit")"
  done
  echo "verify: $kind"
  systemd-analyze verify "--$kind" --recursive-errors=yes --man=no "$work/$kind"/*
done

# What setup writes, for a user whose folders have names that systemd would take for something else.
echo "verify: setup"
odd="$work/o'd d 100% \$HOME"
mkdir -p "$odd/bin" "$odd/.config/token-governance"
cp -r docs/sample-home "$odd/.openclaw"
for name in systemctl loginctl openclaw; do printf '#!/bin/sh\nexit 0\n' >"$odd/bin/$name" && chmod +x "$odd/bin/$name"; done
printf "[[budget]]\nname = 'm'\nperiod = 'month'\nlimit = '5 USD'\nnotify = ['me']\n[notify.me]\nexec = ['/bin/true']\n" >"$odd/.config/token-governance/config.toml"
env -u XDG_CONFIG_HOME -u XDG_DATA_HOME HOME="$odd" PATH="$odd/bin:$PATH" "$program" setup --service systemd | tail -3
written="$odd/.config/systemd/user"
[ "$(ls "$written" | wc -l)" = 5 ] || { echo "there are not five units in $written" >&2; exit 1; }
systemd-analyze verify --user --recursive-errors=yes --man=no "$written"/*
# Out of 100; a service without any hardening has 92 to 96.
echo "security: system"
systemd-analyze security --offline=true --no-pager --threshold=5 "$work/system/token-governance.service" | tail -1
echo "security: user"
systemd-analyze security --offline=true --no-pager --threshold=50 "$work/user/token-governance.service" | tail -1

# As the units have it: nothing can be written but the folder of the store and /tmp, and there is no network.
mkdir -p "$work/home" "$work/data" "$work/tmp"
cp -r docs/sample-home "$work/home/.openclaw"
cat >"$work/inside.sh" <<'INSIDE'
set -euo pipefail
mount --make-rprivate /
for rw in "$1/data" "$1/tmp"; do mount --bind "$rw" "$rw"; done
mount --bind "$1/home" "$1/home" && mount -o remount,bind,ro "$1/home"
mount -o remount,bind,ro /
if touch "$1/home/.openclaw/x" 2>/dev/null; then echo "the home can be written" >&2; exit 1; fi
HOME=$1/home TMPDIR=$1/tmp DOTNET_BUNDLE_EXTRACT_BASE_DIR=$1/tmp DOTNET_EnableDiagnostics=0 \
  TOKEN_GOVERNANCE_DB=$1/data/token_usage.db "$2" collect --once --no-status
INSIDE
namespace=(unshare --mount --net)
[ "$(id -u)" -eq 0 ] || namespace+=(--map-root-user)
echo "collect with the home read-only and no network"
"${namespace[@]}" bash "$work/inside.sh" "$work" "$program" | tail -2
[ -z "$(find "$work/tmp" -type f)" ] || { echo "files were left in the temporary folder" >&2; exit 1; }
