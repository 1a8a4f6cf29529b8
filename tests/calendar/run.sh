#!/bin/sh
# run.sh PROGRAM - prove the deadlines against two independent computations
# (product.md, section 4), and prove that this proof can fail.
#
# PROGRAM is tests/calendar/deadlines.c linked with the code under test.  Run it
# from the top of the source tree.  The npm package it compares with is put
# beside PROGRAM, so the source tree stays clean.
set -eu

if [ $# -ne 1 ] || [ ! -x "$1" ]; then
    echo "usage: tests/calendar/run.sh PROGRAM" >&2
    exit 2
fi
program=$1
here=$(dirname "$0")
holidays=$here/../../sql/seed/holidays.csv
packages=$(dirname "$program")/calendar-packages
broken_day=2019-10-01

# The package thinks in the machine's zone.
export TZ=Asia/Shanghai

if grep -q '"resolved"' "$here/package-lock.json"; then
    echo "FAIL package-lock.json names a registry host" >&2
    exit 1
fi
if ! cmp -s "$here/package-lock.json" "$packages/node_modules/.proof-lock.json"; then
    mkdir -p "$packages"
    cp "$here/package.json" "$here/package-lock.json" "$packages/"
    (cd "$packages" && npm ci --ignore-scripts --no-audit --no-fund --silent)
    cp "$here/package-lock.json" "$packages/node_modules/.proof-lock.json"
fi

node "$here/independent.mjs" "$program" "$holidays" "$packages"
node "$here/independent.mjs" "$program" "$holidays" "$packages" --corrupt "$broken_day"
