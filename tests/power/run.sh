#!/usr/bin/env bash
# Losses of power at many points of recorded runs of the binary in $BUILD. IMAGES says how
# many, SEED which; POWER_DIR keeps the records there, and those it has are used again.
set -euo pipefail
cd "$(dirname "$0")/../.."
export YIDAN=${BUILD:-build}/yidan RECORDER=${BUILD:-build}/tests/power/recorder.so
directory=${POWER_DIR:-$(mktemp -d "${TMPDIR:-/tmp}/yidan-power-XXXXXX")}
mkdir -p "$directory"
[ -e "$directory/restarted/expected" ] || node tests/power/load.mjs "$directory"
if "${BUILD:-build}/tests/power/replay" --images "${IMAGES:-3000}" --seed "${SEED:-$RANDOM}" \
    "$directory/plain" "$directory/healed" "$directory/restarted"; then
    [ -n "${POWER_DIR:-}" ] || rm -r "$directory"
else
    echo "power: failed; the records are in $directory" >&2
    exit 1
fi
