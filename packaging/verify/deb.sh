#!/usr/bin/env bash
# The .deb in a clean Debian that has nothing but what it asks for: installed over an older version,
# started, tested, removed.
set -euo pipefail
. "$(dirname "$0")/rows.sh"
DEB=$(ls "$DIST"/inglenook-*-amd64.deb | tail -n 1)
CLEAN=$SCRATCH/clean

inside() {
    chroot "$CLEAN" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/home/someone LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        QT_QPA_PLATFORM=offscreen "$@"
}

prepare() {
    mmdebstrap --quiet --variant=minbase --mode=root trixie "$CLEAN" /etc/apt/sources.list.d/debian.sources ||
        mmdebstrap --quiet --variant=minbase --mode=root trixie "$CLEAN"
    # As on this machine: how to reach the packages, and whom to trust.
    cp -a /etc/apt/apt.conf.d/. "$CLEAN/etc/apt/apt.conf.d/" 2>/dev/null || true
    mkdir -p "$CLEAN/etc/ssl/certs"
    cp -L /etc/ssl/certs/ca-certificates.crt "$CLEAN/etc/ssl/certs/"
    mount --bind /proc "$CLEAN/proc"
    mount --bind /dev "$CLEAN/dev"
    local old=$SCRATCH/old
    mkdir -p "$old/DEBIAN" "$old/usr/lib/inglenook" "$old/usr/bin"
    printf 'Package: inglenook\nVersion: 0.0.1\nArchitecture: amd64\nMaintainer: x <x@localhost>\nDescription: old\n' >"$old/DEBIAN/control"
    echo old >"$old/usr/lib/inglenook/only-in-the-old-version"
    dpkg-deb --root-owner-group -b "$old" "$CLEAN/old.deb" >/dev/null
    cp "$DEB" "$CLEAN/new.deb"
    inside mkdir -p /home/someone
    inside apt-get -qq update
    inside dpkg -l | grep -c ^ii | sed 's/$/ packages in the clean system/'
}

install() {
    inside dpkg -i /old.deb
    inside apt-get -qq -y --no-install-recommends install /new.deb
    [ ! -e "$CLEAN/usr/lib/inglenook/only-in-the-old-version" ] || fail "a file of the older version is still there"
    [ -z "$(find "$CLEAN/usr/lib/inglenook" ! -type l -perm /022 | head -n 1)" ] || fail "a user could write to the installation"
    local missing
    missing=$(inside sh -c 'find /usr/lib/inglenook -name "*.so*" -o -name Inglenook -o -name inglenook-cli | LD_LIBRARY_PATH=/usr/lib/inglenook/_internal xargs -n 200 ldd 2>/dev/null' | grep "not found" | sort -u | awk '{print $1}' | tr '\n' ' ' || true)
    echo "$(inside dpkg-query -W -f '${Version}' inglenook) over 0.0.1; not there: ${missing:-nothing}"
}

selftest() {
    inside /usr/lib/inglenook/Inglenook --selftest
    inside inglenook devices
    [ "$(inside inglenook --version)" = "inglenook $(cd "$PACKAGING" && python3 -c 'import freeze; print(freeze.version())')" ] || fail "another version answers"
    echo "window, devices, answer, folder, search, index; “inglenook” is on the path"
}

remove() {
    inside mkdir -p /home/someone/.local/share/Inglenook
    inside touch /home/someone/.local/share/Inglenook/chats.db
    inside apt-get -qq -y remove inglenook
    [ ! -e "$CLEAN/usr/lib/inglenook" ] && [ ! -e "$CLEAN/usr/bin/inglenook" ] || fail "something is left: $(ls "$CLEAN/usr/lib/inglenook")"
    [ -f "$CLEAN/home/someone/.local/share/Inglenook/chats.db" ] || fail "the data is gone"
    umount "$CLEAN/proc" "$CLEAN/dev"
    rm -rf "$CLEAN"
    echo "nothing is left but the person's data"
}

row ".deb: a clean Debian made" prepare
row ".deb: installed over an older version" install
row ".deb: started and tested" selftest
row ".deb: removed" remove
