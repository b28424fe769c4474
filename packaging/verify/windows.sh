#!/usr/bin/env bash
# The Windows installer, compiled here and run under wine over a staged tree: install, upgrade, remove.
set -euo pipefail
. "$(dirname "$0")/rows.sh"

WORK=$SCRATCH/windows
export WINEPREFIX=$WORK/prefix WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" DISPLAY=
HOME_C='C:\users\'$(id -un)
USER_C="$WINEPREFIX/drive_c/users/$(id -un)"
INSTALLED="$USER_C/AppData/Local/Programs/Inglenook"
DATA="$USER_C/AppData/Local/Inglenook"
MENU="$USER_C/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Inglenook.lnk"
UNINSTALL='HKCU\Software\Microsoft\Windows\CurrentVersion\Uninstall\Inglenook'
PYTHON=${PYTHON:-$BUILD/freeze-venv/bin/python}

# value KEY [NAME]: what the registry holds; empty when there is nothing.
value() {
    wine reg query "$1" $(if [ -n "${2:-}" ]; then echo /v "$2"; else echo /ve; fi) 2>/dev/null |
        tr -d '\r' | sed -n 's/^ .*REG_[A-Z]* *//p'
}

compile() {
    mkdir -p "$WORK/tree/_internal/sub"
    local program=$(find /usr/lib/*/wine/x86_64-windows -name notepad.exe | head -n 1)
    cp "$program" "$WORK/tree/Inglenook.exe"
    cp "$program" "$WORK/tree/inglenook-cli.exe"
    echo one >"$WORK/tree/_internal/a file with \$x.txt"
    echo one >"$WORK/tree/_internal/sub/ünïcode.txt"
    "$PYTHON" "$PACKAGING/windows/installer.py" --tree "$WORK/tree" --version 0.1.0 --out "$WORK/one.exe"
    rm -r "$WORK/tree/_internal/sub"
    echo two >"$WORK/tree/_internal/new.txt"
    "$PYTHON" "$PACKAGING/windows/installer.py" --tree "$WORK/tree" --version 0.2.0 --out "$WORK/two.exe"
    file "$WORK/one.exe" | sed 's/.*: //' | cut -c 1-60
}

install() {
    wineboot -i >/dev/null 2>&1
    wine "$WORK/one.exe" /S
    [ -f "$INSTALLED/Inglenook.exe" ] || fail "Inglenook.exe is not there"
    [ -f "$INSTALLED/_internal/sub/ünïcode.txt" ] || fail "a name with other letters is not there"
    [ -f "$MENU" ] || fail "no entry in the Start menu"
    [ "$(value "$UNINSTALL" DisplayVersion)" = 0.1.0 ] || fail "the registry has no version"
    [ "$(value 'HKCU\Software\Classes\.gguf')" = Inglenook.gguf ] || fail ".gguf opens with something else"
    value 'HKCU\Software\Classes\Inglenook.gguf\shell\open\command' | grep -q 'Inglenook.exe" "%1"' || fail "no command opens .gguf"
    value 'HKCU\Software\Classes\Directory\shell\Inglenook\command' | grep -q Inglenook.exe || fail "folders have no entry"
    echo "program, Start menu, registry, .gguf, folders"
}

upgrade() {
    mkdir -p "$DATA"
    echo chat >"$DATA/chats.db"
    echo mine >"$INSTALLED/my own file.txt"
    wine "$WORK/two.exe" /S
    [ "$(value "$UNINSTALL" DisplayVersion)" = 0.2.0 ] || fail "the registry still has the old version"
    [ -f "$INSTALLED/_internal/new.txt" ] || fail "a new file is not there"
    [ ! -e "$INSTALLED/_internal/sub" ] || fail "what the new version lacks is still there"
    [ -f "$INSTALLED/my own file.txt" ] || fail "a file of the person's own is gone"
    [ -f "$DATA/chats.db" ] || fail "the data is gone"
    echo "0.1.0 to 0.2.0 in place; own files and data stayed"
}

remove() {
    wine "$INSTALLED/Uninstall.exe" /S _?="$HOME_C\\AppData\\Local\\Programs\\Inglenook"
    [ ! -e "$INSTALLED/Inglenook.exe" ] || fail "the program is still there"
    [ -f "$INSTALLED/my own file.txt" ] || fail "a file of the person's own is gone"
    [ ! -e "$MENU" ] || fail "the Start menu still has its entry"
    [ -z "$(value "$UNINSTALL" DisplayVersion)" ] || fail "the registry still knows it"
    [ -z "$(value 'HKCU\Software\Classes\.gguf')" ] || fail ".gguf still belongs to it"
    [ -f "$DATA/chats.db" ] || fail "the data is gone though nobody asked for that"
    wine "$WORK/one.exe" /S
    wine "$INSTALLED/Uninstall.exe" /S /DELETEDATA _?="$HOME_C\\AppData\\Local\\Programs\\Inglenook"
    [ ! -e "$DATA" ] || fail "the data is still there though that was asked for"
    echo "removed; data stays unless /DELETEDATA says otherwise"
}

row "NSIS: script compiled, two versions" compile
row "NSIS: silent install under wine" install
row "NSIS: upgrade in place" upgrade
row "NSIS: uninstall" remove
wineserver -k 2>/dev/null || true
