#!/usr/bin/env bash
# The journeys over the real binary in $BUILD; YIDAN_MESSAGES names real messages.
set -euo pipefail
cd "$(dirname "$0")/../.."
export YIDAN=${BUILD:-build}/yidan CHECK_STORE=${BUILD:-build}/tests/journeys/check_store
for journey in race drive kill files ledger exports assessment backup rekey; do
    node "tests/journeys/$journey.mjs"
done
