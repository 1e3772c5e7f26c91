#!/usr/bin/env bash
# The Debian package installs, works, upgrades and goes away, and leaves the store where it is. In a folder of its own: the machine stays as it is.
set -euo pipefail
work=${CI_WORK:?}
command -v dpkg-deb >/dev/null || { echo "left out: there is no dpkg here"; exit 0; }
. .ci/native

# Three packages are made here and none is kept: packed quickly. A release packs more tightly.
export DPKG_DEB_COMPRESSOR_LEVEL=1
first=$(.ci/pack-deb "$native" amd64 "$work/packages" 0.0.1)
second=$(.ci/pack-deb "$native" amd64 "$work/packages")
again=$(.ci/pack-deb "$native" amd64 "$work/again")
cmp "$second" "$again" || { echo "the same input made another package" >&2; exit 1; }
dpkg-deb --info "$second" && dpkg-deb --contents "$second" | awk '{ print $1, $2, $3, $6, $7, $8 }'
dpkg-deb --contents "$second" | awk '$2 != "root/root" { print; wrong = 1 } END { exit wrong }' || { echo "files that are not root's" >&2; exit 1; }

root="$work/root"
mkdir -p "$root/var/lib/dpkg/updates" "$root/var/lib/dpkg/info" "$root/home"
touch "$root/var/lib/dpkg/status" "$root/var/lib/dpkg/available"
in_root() { dpkg --root="$root" --force-script-chrootless --force-not-root --force-depends --log="$work/dpkg.log" "$@" 2>&1 | grep -v "^dpkg: warning\|^ " || true; }
program="$root/usr/bin/token-governance"
works() {
  env -i PATH=/usr/bin:/bin HOME="$root/home" DOTNET_ROOT=/nonexistent "$program" collect --once --no-status --openclaw-home docs/sample-home | tail -2
  env -i PATH=/usr/bin:/bin HOME="$root/home" "$program" report --json | grep -q 1370598
}

in_root --install "$first"
works
in_root --install "$second"
works
[ "$(dpkg-query --admindir="$root/var/lib/dpkg" -W -f='${Version} ${Status}' token-governance)" = "$("$program" --version) install ok installed" ]
for unit in "$root"/usr/lib/systemd/*/*.service; do
  started=$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$unit")
  [ -x "$root$started" ] || { echo "$unit starts $started, which the package does not have" >&2; exit 1; }
done
echo "a service starts the program by the name that upgrades keep"
env -i PATH="$root/usr/bin:/usr/bin:/bin" HOME="$root/home" "$program" setup --service cron --dry-run | grep -F "$root/usr/bin/token-governance collect --once" || { echo "setup does not name $program" >&2; exit 1; }
in_root --purge token-governance
left=$(find "$root" -path "$root/var" -prune -o -path "$root/home" -prune -o -type f -print)
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }
[ -s "$root/home/.local/share/token-governance/token_usage.db" ] || { echo "the store is gone" >&2; exit 1; }

echo "what Homebrew and winget need to know"
version=$("$native/token-governance" --version)
for archive in linux-x64.tar.gz linux-arm64.tar.gz osx-x64.tar.gz osx-arm64.tar.gz win-x64.zip; do
  echo "$(echo "$archive" | sha256sum | cut -d' ' -f1)  token-governance-v$version-$archive"
done > "$work/SHA256SUMS"
.ci/manifests.py "v$version" owner/name "$work/SHA256SUMS" "$work/manifests"
! grep -rn "@" "$work/manifests" || { echo "something is not filled in" >&2; exit 1; }
[ "$(cut -d' ' -f1 "$work/SHA256SUMS" | grep -c -i -f - "$work/manifests/token-governance.rb" "$work"/manifests/winget/*installer.yaml | awk -F: '{ sum += $2 } END { print sum }')" = 5 ]
if command -v ruby >/dev/null; then ruby -c "$work/manifests/token-governance.rb"; fi
! .ci/manifests.py "v$version" owner/name /dev/null "$work/manifests" 2>/dev/null || { echo "missing checksums were not noticed" >&2; exit 1; }
