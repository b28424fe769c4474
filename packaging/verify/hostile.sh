#!/usr/bin/env bash
# Places and neighbours: odd folders, no network, a read-only installation, a hostile working directory.
set -euo pipefail
. "$(dirname "$0")/rows.sh"

odd_root() {
    local name="with spaces, ümläuts and 🔥 "
    while [ "$(printf %s "$name" | wc -m)" -lt 200 ]; do name="$name long"; done
    # A file system counts bytes of a name, so 200 letters become two folders.
    local root="$SCRATCH/${name:0:100}/${name:100:100}"
    "$TREE/inglenook-cli" selftest --root "$root"
    echo "$(printf %s "${root#"$SCRATCH/"}" | wc -m) letters with spaces and emoji"
}

offline() {
    unshare --net "$TREE/inglenook-cli" selftest
    unshare --net "$TREE/inglenook-cli" ask "What is a lighthouse?" --max-tokens 24 --root "$SCRATCH/root-offline"
}

read_only() {
    unshare --mount bash -c '
        mount --bind "$0" "$0" && mount -o remount,ro,bind "$0"
        ! touch "$0/probe" 2>/dev/null || exit 1
        exec "$0/inglenook-cli" selftest
    ' "$TREE"
    echo "nothing is written into the program's folder"
}

hostile_directory() {
    local here=$SCRATCH/hostile trace=$SCRATCH/trace
    mkdir -p "$here/core" "$here/encodings"
    local name
    for name in libllama.so libggml.so libggml-vulkan.so libggml-cpu-haswell.so libvulkan.so.1 libQt6Core.so.6 \
        llama.dll ggml.dll sitecustomize.py usercustomize.py numpy.py torch.py core/__init__.py encodings/__init__.py qt.conf; do
        echo 'raise SystemExit("taken from the working directory")' >"$here/$name"
    done
    (cd "$here" && QT_QPA_PLATFORM=offscreen strace -f -qq -e trace=open,openat,execve -o "$trace" "$TREE/Inglenook" --selftest)
    # Relative names are those of the working directory; absolute ones name it.
    local taken
    taken=$(grep -E "\"($here/|[^/\"][^\"]*(\.so|\.dll|\.py|\.pyc|qt\.conf))" "$trace" | grep -v ENOENT | grep -vE '"(/proc|/sys)' | head -n 3 || true)
    [ -z "$taken" ] || fail "opened: $taken"
    echo "$(wc -l <"$trace") files opened, none from the working directory"
}

portable() {
    local copy=$SCRATCH/portable
    mkdir -p "$copy"
    cp -al "$TREE" "$copy/" 2>/dev/null || cp -a "$TREE" "$copy/"
    mkdir "$copy/Inglenook/inglenook-data"
    HOME=$SCRATCH/nobody XDG_DATA_HOME=$SCRATCH/nobody/data "$copy/Inglenook/inglenook-cli" ask "Hello" --max-tokens 2
    [ -f "$copy/Inglenook/inglenook-data/chats.db" ] || fail "the data is not beside the program"
    [ -z "$(find "$SCRATCH/nobody" -type f 2>/dev/null)" ] || fail "something was written into the home folder"
    rm -rf "$copy"
    echo "everything in inglenook-data beside the program"
}

row "a root of 200 letters, spaces, emoji" odd_root
row "no network at all: self-test and first answer" offline
row "read-only installation" read_only
row "hostile working directory" hostile_directory
row "portable folder" portable
