# Sourced by verify.sh and its parts: a row is a name, what was measured, and whether it held.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
DIST=$ROOT/dist
BUILD=$ROOT/build
TREE=$DIST/Inglenook
PACKAGING=$ROOT/packaging
SCRATCH=${SCRATCH:-$(mktemp -d /tmp/inglenook-verify-XXXXXX)}
ROWS=${ROWS:-$SCRATCH/rows.tsv}
export SCRATCH ROWS

# row NAME COMMAND…: run it with its output in a log; its last line is what was measured.
row() {
    local name=$1 log began seconds verdict status
    shift
    log=$SCRATCH/$(printf '%s' "$name" | tr -c 'A-Za-z0-9' '-').log
    began=$(date +%s.%N)
    # Not as the condition of an “if”: bash would go on after a command that failed in there.
    set +e
    (set -e && "$@") >"$log" 2>&1
    status=$?
    set -e
    if [ "$status" = 0 ]; then verdict=held; else verdict=FAILED; fi
    seconds=$(awk -v a="$began" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }')
    # Colours and progress of other programs don't belong into a table.
    printf '%s\t%s\t%s\t%s\n' "$verdict" "$name" "$seconds" "$(tail -n 1 "$log" | tr '\t' ' ' | cut -c 1-160)" >>"$ROWS"
    printf '%-7s %-52s %7s s  %s\n' "$verdict" "$name" "$seconds" "$(tail -n 1 "$log" | cut -c 1-100)"
    [ "$verdict" = held ] || sed 's/^/        /' "$log" | tail -n 15
}

# fail TEXT: end the row it is called in.
fail() {
    echo "$*"
    exit 1
}

# holds_at_most NUMBER LIMIT TEXT
holds_at_most() {
    awk -v number="$1" -v limit="$2" 'BEGIN { exit !(number <= limit) }' || fail "$3: $1, at most $2 wanted"
}
