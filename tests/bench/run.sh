#!/usr/bin/env bash
# Measure: run.sh all | raw | get | list | write | stream | login | mixed | dash | scale |
# start | sweep. SYNC_US= and C= pick one kind of write; N= is how many tickets the last four
# make (not in "all"), COUNTY= a directory that keeps them for the next run of the same.
set -euo pipefail
cd "$(dirname "$0")/../.."
export BUILD=${BUILD:-build}
export YIDAN=$BUILD/yidan
make --no-print-directory BUILD="$BUILD" "$BUILD/tests/bench/bare" "$BUILD/tests/bench/direct" \
    "$BUILD/tests/bench/county" "$BUILD"/tests/bench/{slow_sync,moved_clock}.so > /dev/null
exec flock "$BUILD/bench.lock" node tests/bench/bench.mjs "$@" # one at a time, whatever make -j says
