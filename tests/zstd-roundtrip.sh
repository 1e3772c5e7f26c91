#!/usr/bin/env bash
# Compresses a few hundred pieces of data with the zstd program, at random levels and sizes, and has the tests decode
# them. Needs zstd and the .NET SDK.
#
#   tests/zstd-roundtrip.sh [frames] [seed]
#
# The folder of frames is kept when the tests fail.
set -euo pipefail

count=${1:-300}
seed=${2:-$RANDOM}
here=$(cd "$(dirname "$0")" && pwd)
frames=$(mktemp -d)
plain=$frames/plain
RANDOM=$seed
echo "seed $seed, $count frames in $frames"

# One large pool of real text to cut pieces from.
find "$here/.." -type f \( -name '*.cs' -o -name '*.md' -o -name '*.py' \) -not -path '*/obj/*' -not -path '*/artifacts/*' -print0 | sort -z | xargs -0 cat > "$frames/pool"
pool=$(stat -c %s "$frames/pool")

big() { echo $(((RANDOM << 15) | RANDOM)); }

size() {
    case $((RANDOM % 6)) in
        0) echo $((RANDOM % 40)) ;;
        1) echo $((RANDOM % 3000)) ;;
        2) echo $((131072 - 2 + RANDOM % 5)) ;;
        3) echo $(($(big) % 2000000)) ;;
        *) echo $(($(big) % 100000)) ;;
    esac
}

# head ends the pipe early, which is no failure.
data() {
    local from=$(($(big) % pool))
    case $((RANDOM % 7)) in
        0) head -c "$1" /dev/urandom ;;
        1) head -c "$1" /dev/zero ;;
        2) yes "$(head -c $((1 + RANDOM % 60)) /dev/urandom | base64 -w0)" 2> /dev/null | head -c "$1" || true ;;
        3) seq -f '{"id":%g,"type":"message","usage":{"input":12,"output":3}}' "$RANDOM" 99999999 2> /dev/null | head -c "$1" || true ;;
        *) (tail -c +"$((from + 1))" "$frames/pool"; cat "$frames/pool" "$frames/pool") 2> /dev/null | head -c "$1" || true ;;
    esac
}

level() {
    case $((RANDOM % 5)) in
        0) echo "--fast=$((1 + RANDOM % 20))" ;;
        1) echo "--ultra -$((16 + RANDOM % 7))" ;;
        2) echo "-$((1 + RANDOM % 15)) --long=27" ;;
        3) echo "-$((1 + RANDOM % 15)) --zstd=wlog=$((10 + RANDOM % 12))" ;;
        *) echo "-$((1 + RANDOM % 15))" ;;
    esac
}

for ((i = 0; i < count; i++)); do
    name=$(printf '%05d.zst' "$i")
    : > "$frames/whole"
    : > "$frames/$name"

    # Every fourth is made of several frames.
    for ((parts = RANDOM % 4 == 0 ? 3 : 1; parts > 0; parts--)); do
        data "$(size)" > "$plain"
        cat "$plain" >> "$frames/whole"
        options="$(level) $([ $((RANDOM % 2)) = 0 ] && echo --no-check || echo --check)"
        # shellcheck disable=SC2086
        if [ $((RANDOM % 2)) = 0 ]; then zstd -q -c $options "$plain"; else zstd -q -c $options < "$plain"; fi >> "$frames/$name"
    done

    printf '%s\t%s\t%s\n' "$name" "$(stat -c %s "$frames/whole")" "$(sha256sum < "$frames/whole" | cut -d' ' -f1)" >> "$frames/index.tsv"
done

ZSTD_FRAMES=$frames dotnet test "$here/.." -c Release ${CI_WORK:+--no-build} --filter 'FullyQualifiedName~Sources.Files.Zstd'
rm -r "$frames"
