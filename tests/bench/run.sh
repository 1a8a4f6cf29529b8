#!/usr/bin/env bash
# Measure: run.sh all | raw | get | list | write | stream | mixed. SYNC_US= and C= pick one kind of write.
set -euo pipefail
cd "$(dirname "$0")/../.."
export BUILD=${BUILD:-build}
export YIDAN=$BUILD/yidan
make --no-print-directory BUILD="$BUILD" "$BUILD/tests/bench/bare" "$BUILD/tests/bench/direct" \
    "$BUILD/tests/bench/slow_sync.so" > /dev/null
exec flock "$BUILD/bench.lock" node tests/bench/bench.mjs "$@" # one at a time, whatever make -j says
