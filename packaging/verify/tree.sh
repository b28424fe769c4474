#!/usr/bin/env bash
# The frozen folder: its self-test, what each process has loaded, how fast its window comes.
set -euo pipefail
. "$(dirname "$0")/rows.sh"

selftest() {
    xvfb-run -a "$TREE/Inglenook" --selftest >"$SCRATCH/selftest.txt" || { cat "$SCRATCH/selftest.txt"; return 1; }
    awk '{ if ($1 != "ok") bad = 1; total += $3; names = names " " $2 } END { printf "%.0f s:%s\n", total, names; exit bad }' "$SCRATCH/selftest.txt"
}

# maps PATTERN PID…: the first library of that kind that a process has mapped.
maps() {
    local pattern=$1 pid
    shift
    for pid in "$@"; do grep -oE "$pattern" "/proc/$pid/maps" 2>/dev/null || true; done | sed -n 1p
}

processes() {
    local root=$SCRATCH/root-processes window children mapped
    xvfb-run -a "$TREE/Inglenook" --root "$root" &
    for _ in $(seq 240); do
        window=$(pgrep -f "^$TREE/Inglenook --root $root" | head -n 1 || true)
        children=$(pgrep -f "^$TREE/inglenook-cli --child (engine|library)" | tr '\n' ' ' || true)
        [ -n "$(maps 'libllama' $children)" ] && break
        sleep 0.5
    done
    sleep 2
    mapped=$(maps 'lib(torch|llama|ggml)[^/ ]*|chromadb_rust|onnxruntime' "$window")
    local loaded=$(maps 'libQt6[^/ ]*|shiboken[^/ ]*' $children)
    local seen=$(maps 'libllama[^/ ]*' $children)
    kill "$window"
    wait
    [ -n "$seen" ] || fail "no child had llama.cpp loaded, so nothing was looked at"
    [ -z "$mapped" ] || fail "the window has $mapped"
    [ -z "$loaded" ] || fail "a child has $loaded"
    echo "window: no torch, llama.cpp, Chroma; children ($(echo $children | wc -w)): no Qt"
}

# first_picture: seconds from start to the window on the screen.
first_picture() {
    local root=$1 began now
    while xdotool search --onlyvisible --name '^Inglenook' >/dev/null 2>&1; do sleep 0.1; done
    began=$(date +%s.%N)
    "$TREE/Inglenook" --root "$root" >/dev/null 2>&1 &
    local started=$!
    until xdotool search --onlyvisible --name '^Inglenook' >/dev/null 2>&1; do sleep 0.02; done
    now=$(date +%s.%N)
    kill -9 "$started"  # what it does at its end is not measured here
    wait "$started" 2>/dev/null || true
    awk -v a="$began" -v b="$now" 'BEGIN { printf "%.2f", b - a }'
}

# The kernel forgets what it holds of the folder, as after a start of the machine.
forget_pages() {
    sync
    python3 - "$TREE" <<'PYTHON'
import os, pathlib, sys
for path in pathlib.Path(sys.argv[1]).rglob("*"):
    if path.is_file() and not path.is_symlink():
        descriptor = os.open(path, os.O_RDONLY)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)
PYTHON
}

window_time() {
    Xvfb :109 -noreset -screen 0 1400x900x24 >/dev/null 2>&1 &
    local server=$! cold warm
    export DISPLAY=:109
    sleep 1
    # What else this machine does is not to be measured.
    chrt -f -p 10 "$BASHPID"
    forget_pages
    cold=$(first_picture "$SCRATCH/root-window")
    warm=$(for _ in 1 2 3 4 5; do first_picture "$SCRATCH/root-window"; echo; done | sort -n | head -n 1)
    kill "$server"
    echo "cold $cold s, warm $warm s (load $(cut -d' ' -f1 /proc/loadavg))"
    holds_at_most "$warm" 0.6 "warm" && holds_at_most "$cold" 3 "cold"
    echo "cold $cold s, warm $warm s (load $(cut -d' ' -f1 /proc/loadavg))"
}

[ "${1:-}" = window ] || row "frozen tree: self-test under xvfb" selftest
[ "${1:-}" = window ] || row "frozen tree: what processes have loaded" processes
row "frozen tree: window from start" window_time
