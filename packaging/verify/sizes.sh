#!/usr/bin/env bash
# Sizes against their budget, and what each part weighs.
set -euo pipefail
. "$(dirname "$0")/rows.sh"

packed() {
    local deb bytes unpacked
    deb=$(ls "$DIST"/inglenook-*-amd64.deb | tail -n 1)
    bytes=$(($(stat -c %s "$deb") / 1000000))
    unpacked=$(($(du -sb "$TREE" | cut -f 1) / 1000000))
    for each in "$DIST"/inglenook-*.{deb,rpm,run,squashfs}; do
        echo "$(($(stat -c %s "$each") / 1000000)) MB $(basename "$each")"
    done
    (cd "$TREE/_internal" && du -sm -- * | sort -rn | head -n 20)
    holds_at_most "$bytes" 600 ".deb in MB"
    holds_at_most "$unpacked" 1600 "unpacked in MB"
    echo ".deb $bytes MB (600), unpacked $unpacked MB (1600)"
}

longest() {
    local length
    length=$(cd "$TREE" && find . -printf '%P\n' | awk '{ if (length > most) most = length } END { print most }')
    holds_at_most "$length" 180 "longest path"
    echo "longest path $length characters (180 for Windows)"
}

row "sizes against their budget" packed
row "paths short enough for Windows" longest
