#!/usr/bin/env bash
# What needs no root: the .run installs for one user, the AppImage's image starts where it is mounted.
set -euo pipefail
. "$(dirname "$0")/rows.sh"
RUN=$(ls "$DIST"/inglenook-*.run | tail -n 1)
IMAGE=$(ls "$DIST"/inglenook-*.squashfs | tail -n 1)
RPM=$(ls "$DIST"/inglenook-*.rpm | tail -n 1)
export QT_QPA_PLATFORM=offscreen

run_file() {
    export PREFIX="$SCRATCH/some one's prefix"
    sh "$RUN" --quiet --nochown
    "$PREFIX/bin/inglenook" selftest
    for entry in "$PREFIX"/share/applications/*.desktop; do desktop-file-validate "$entry"; done
    sh "$RUN" --quiet --nochown   # over itself
    "$PREFIX/bin/inglenook" devices --root "$SCRATCH/root-run"
    env PREFIX=/nowhere "$PREFIX/lib/inglenook/uninstall"
    # What update-mime-database writes for all programs together stays; nothing of ours does.
    local left
    left=$(find "$PREFIX" \( -type f -o -type l \) ! -path '*/share/mime/*' ! -name mimeinfo.cache | head -n 3)
    [ -z "$left" ] && ! grep -rqs gguf "$PREFIX/share/mime" || fail "left behind: $left"
    echo "installed in a folder with spaces, tested, installed over itself, removed"
}

image() {
    local mounted=$SCRATCH/image began now
    mkdir -p "$mounted"
    mount -o loop,ro "$IMAGE" "$mounted"
    [ -x "$mounted/AppRun" ] && [ -f "$mounted/inglenook.desktop" ] && [ -f "$mounted/inglenook.png" ] || fail "no AppDir"
    desktop-file-validate "$mounted/inglenook.desktop"
    "$mounted/AppRun" selftest
    began=$(date +%s.%N)
    "$mounted/AppRun" --version
    now=$(date +%s.%N)
    umount "$mounted"
    awk -v a="$began" -v b="$now" 'BEGIN { printf "self-test from the mounted image; “--version” in %.2f s\n", b - a }'
}

rpm_file() {
    rpm -qp --requires "$RPM" >"$SCRATCH/rpm-requires.txt" 2>/dev/null
    rpm -qpl "$RPM" >"$SCRATCH/rpm-files.txt" 2>/dev/null
    grep -q "^glibc" "$SCRATCH/rpm-requires.txt" || fail "it asks for nothing"
    grep -qx "/usr/bin/inglenook" "$SCRATCH/rpm-files.txt" || fail "no command in it"
    rpm --root "$SCRATCH/rpmroot" --initdb 2>/dev/null || mkdir -p "$SCRATCH/rpmroot"
    rpm --root "$SCRATCH/rpmroot" --nodeps --noscripts -i "$RPM"
    "$SCRATCH/rpmroot/usr/lib/inglenook/inglenook-cli" selftest
    rpm --root "$SCRATCH/rpmroot" --noscripts -e inglenook
    [ ! -e "$SCRATCH/rpmroot/usr/lib/inglenook" ] || fail "something is left"
    echo "installed by rpm into an empty root, tested, removed"
}

metadata() {
    local stage=$BUILD/stage/usr/share
    # Where the program lives on the web is known to the release workflow only.
    appstreamcli validate --no-net --override=url-homepage-missing=info "$stage/metainfo/org.inglenook.Inglenook.metainfo.xml"
    mkdir -p "$SCRATCH/mime/packages"
    cp "$stage/mime/packages/inglenook-mime.xml" "$SCRATCH/mime/packages/"
    update-mime-database "$SCRATCH/mime"
    grep -q "application/x-gguf" "$SCRATCH/mime/globs2" || fail ".gguf has no type"
    echo "AppStream valid; .gguf is application/x-gguf"
}

# With words only those rows: run image rpm metadata.
for part in ${*:-run image rpm metadata}; do
    case $part in
        run) row ".run: without root" run_file ;;
        image) row "AppImage: its image, mounted" image ;;
        rpm) row ".rpm: into an empty root" rpm_file ;;
        metadata) row "desktop metadata" metadata ;;
    esac
done
