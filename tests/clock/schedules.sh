#!/bin/sh
# Random schedules of the clock over the real timer, in process: SCHEDULES=N of them (150),
# from seed FIRST (1) on, in PROCESSES (one for each 1,000, at most one a processor).
# Before them, faults are planted, and each must be found.
# usage: tests/clock/schedules.sh [folder of the programs]
set -eu
cd "$(dirname "$0")/../.."
programs=${1:-${BUILD:-build}/tests/clock}
count=${SCHEDULES:-150}
processes=${PROCESSES:-$((count / 1000 + 1))}
[ "$processes" -le "$(nproc)" ] || processes=$(nproc)
# Thousands of small databases, of which none is to last.
[ -w /dev/shm ] && : "${TMPDIR:=/dev/shm}"
folder=$(mktemp -d "${TMPDIR:-/tmp}/yidan-schedules-XXXXXX")
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM

mkdir "$folder/scenes" "$folder/planted"
"$programs/cast" "$folder/scenes" > "$folder/ends"
node tests/clock/expect.mjs "$folder/scenes" < "$folder/ends"

# planted NAME COMMAND...: with the fault, one schedule must differ, and say so by ending with 1.
scene=$folder/planted/ordinary-1
planted() {
    name=$1
    shift
    rm -rf "$folder/planted"
    mkdir "$folder/planted"
    cp -r "$folder/scenes/ordinary-1" "$scene"
    "$@"
    code=0
    "$programs/schedules" "$folder/planted" 1 1 > "$folder/told" || code=$?
    if [ $code -ne 1 ] || ! grep -q '^DIFFERS' "$folder/told"; then
        echo "planted: $name, and it was not found" >&2
        exit 1
    fi
    found="${found:+$found, }$name"
}
expected() { # WHAT becomes of the first line of KIND
    awk -v what="$1" -v kind="$2" '
        $2 == kind && !n++ {
            if (what == "missing") next
            if (what == "twice") print
            if (what == "later") $3++
            if (what == "earlier") $3--
        }
        { print }' "$scene/expected" > "$scene/new"
    ! cmp -s "$scene/new" "$scene/expected" || exit 2
    mv "$scene/new" "$scene/expected"
}
stored() {
    sqlite3 "$scene/yidan.db" "$1"
}
found=
planted 'an action a second later' expected later red
planted 'an action a second earlier' expected earlier notice
planted 'an action too few' expected missing yellow
planted 'an action too many' expected twice co_red
planted 'an action done already' stored "INSERT INTO moment_fired
    SELECT ticket_id, kind, subject, due_at, 0 FROM moment WHERE kind = 'red' LIMIT 1"
echo "planted and found: $found"

"$programs/schedules" "$folder/scenes" "${FIRST:-1}" "$count" "$processes"
