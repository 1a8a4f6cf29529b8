#!/bin/sh
# The real binary under a wall clock that is moved: the timer, a new year's calendar, and a
# month of the made-up county in which nobody does anything.
# usage: tests/clock/run.sh [path of the binary]
set -eu
cd "$(dirname "$0")/../.."
binary=${1:-${BUILD:-build}/yidan}
[ -x "$binary" ] || { echo "no binary at $binary; make first" >&2; exit 2; }
for library in /usr/lib/*/faketime/libfaketimeMT.so.1; do
    [ -e "$library" ] || continue
    node tests/clock/clock.mjs "$binary" "$library"
    node tests/clock/new_year.mjs "$binary" "$library"
    node tests/clock/month.mjs "$binary" "$library"
    exit 0
done
echo "no libfaketimeMT.so.1: install the Debian package faketime" >&2
exit 2
