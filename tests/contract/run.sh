#!/bin/sh
# run.sh - the contract: scenarios against the real server, and who may see what.
#
#     BUILD=build tests/contract/run.sh               both
#     BUILD=build tests/contract/run.sh run life      scenarios by name, without coverage
#     BUILD=build tests/contract/run.sh access        only the access matrix
#
# BUILD is the folder with the built program; the npm packages are put there too,
# so the source tree stays clean.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
build=${BUILD:-build}
[ -x "$build/yidan" ] || { echo "$0: build the program first: make BUILD=$build all" >&2; exit 2; }
build=$(cd "$build" && pwd)
packages=$build/contract-packages

if grep -q '"resolved"' "$here/package-lock.json"; then
    echo "FAIL package-lock.json names a registry host" >&2
    exit 1
fi
if ! cmp -s "$here/package-lock.json" "$packages/node_modules/.contract-lock.json"; then
    mkdir -p "$packages"
    cp "$here/package.json" "$here/package-lock.json" "$packages/"
    (cd "$packages" && npm ci --ignore-scripts --no-audit --no-fund --silent)
    cp "$here/package-lock.json" "$packages/node_modules/.contract-lock.json"
fi

export CONTRACT_PACKAGES="$packages" CONTRACT_PROGRAM="$build/yidan"
what=${1:-all}
[ $# -eq 0 ] || shift
case $what in
run) exec node "$here/run.mjs" "$@" ;;
access) exec node "$here/access.mjs" "$@" ;;
all)
    node "$here/run.mjs"
    node "$here/access.mjs"
    ;;
*) echo "usage: $0 [run|access]" >&2; exit 2 ;;
esac
