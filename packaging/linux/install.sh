#!/bin/sh
# Installs Inglenook for one user, without root: under ~/.local, or under the folder given as PREFIX.
#   inglenook-….run                          install, or bring an older version up to date
#   ~/.local/lib/inglenook/uninstall         remove it; chats and folders stay
#   inglenook-….run -- --remove              the same
set -eu
here=$(cd "$(dirname "$0")" && pwd)
if [ "$(basename "$0")" = uninstall ] && [ -x "$here/inglenook-cli" ]; then
    # This copy lies in PREFIX/lib/inglenook, which knows PREFIX better than the environment.
    PREFIX=$(cd "$here/../.." && pwd)
    set -- --remove
fi
prefix=${PREFIX:-$HOME/.local}
program=$prefix/lib/inglenook
share=$prefix/share
data=${XDG_DATA_HOME:-$HOME/.local/share}/Inglenook

# What was installed, but no portable data: that lies beside the programs.
remove() {
    chmod -R u+w "$program" 2>/dev/null || true
    [ ! -d "$program" ] ||
        find "$program" -mindepth 1 -maxdepth 1 ! -name inglenook-data -exec rm -rf {} +
    rmdir "$program" 2>/dev/null || true
    rm -f "$prefix/bin/inglenook" "$share/applications/inglenook.desktop" \
        "$share/applications/zz-inglenook-folder.desktop" \
        "$share/mime/packages/inglenook-mime.xml" \
        "$share/metainfo/org.inglenook.Inglenook.metainfo.xml"
    rm -f "$share"/icons/hicolor/*/apps/inglenook.png "$share"/icons/hicolor/*/apps/inglenook.svg
    rm -rf "$share/doc/inglenook"
}

refresh() {
    update-desktop-database -q "$share/applications" >/dev/null 2>&1 || true
    update-mime-database "$share/mime" >/dev/null 2>&1 || true
}

if [ "${1:-}" = "--remove" ]; then
    remove
    refresh
    [ ! -d "$program/inglenook-data" ] || data=$program/inglenook-data
    echo "Inglenook is removed. Your chats and folders stay in $data; delete that folder if you want them gone."
    exit 0
fi

case "$prefix" in
    *"
"*) echo "The folder's name has a line break, which desktop entries can't hold. Choose another PREFIX." >&2; exit 1 ;;
esac
mkdir -p "$prefix/lib" "$prefix/bin" "$share"
new=$program.new
# An upgrade that stopped may have left portable data here.
if [ -d "$new/inglenook-data" ]; then
    if [ -e "$program/inglenook-data" ]; then
        echo "An upgrade that stopped left chats in $new/inglenook-data, and others lie in $program/inglenook-data. Move the ones you don't need elsewhere, then run this again." >&2
        exit 1
    fi
    mkdir -p "$program"
    mv "$new/inglenook-data" "$program/"
fi
rm -rf "$new"
cp -a "$here/lib/inglenook" "$new"
cp "$0" "$new/uninstall"
remove
# Portable data stays where it is, where a program that is still open looks for it.
if [ -d "$program" ]; then
    find "$new" -mindepth 1 -maxdepth 1 -exec mv -t "$program" {} +
    rmdir "$new"
else
    mv -T "$new" "$program"
fi
cp -a "$here/share/." "$share/"
ln -sf ../lib/inglenook/inglenook-cli "$prefix/bin/inglenook"
# Desktop entries quote a path with spaces, and escape what the quotes don't protect.
quoted=$(printf '%s' "$program/Inglenook" | sed 's/[\\"`$]/\\\\&/g; s/%/%%/g; s/[&|\\]/\\&/g')
plain=$(printf '%s' "$program/Inglenook" | sed 's/[&|\\]/\\&/g')
for entry in inglenook.desktop zz-inglenook-folder.desktop; do
    sed -i "s|^Exec=/usr/lib/inglenook/Inglenook|Exec=\"$quoted\"|; s|^TryExec=.*|TryExec=$plain|" \
        "$share/applications/$entry"
done
refresh
echo "Inglenook is installed in $program."
case ":$PATH:" in
    *":$prefix/bin:"*) echo "Open it from the menu, or type: inglenook" ;;
    *) echo "Open it from the menu, or type: $prefix/bin/inglenook" ;;
esac
echo "To remove it again, type: $program/uninstall"
