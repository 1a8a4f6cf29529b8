#!/bin/sh
# Sees that the Debian packages for a level are there: build, check or bench.
# Silent and quick when they are; installs what is missing when it may.
set -eu

# libxlsxwriter's pkg-config asks for zlib, its package does not.
build='gcc make pkg-config libc6-dev libmicrohttpd-dev libsqlite3-dev libcjson-dev uuid-dev
       libsodium-dev libutf8proc-dev libxlsxwriter-dev zlib1g-dev liboath-dev check'
check='clang clang-format clang-tidy libclang-rt-14-dev cppcheck shellcheck faketime sqlite3 curl
       oathtool ca-certificates git chromium-headless-shell fonts-noto-cjk libreoffice-calc-nogui
       poppler-utils'
bench='wrk curl'

# Any node from 18 on will do; Debian's is only asked for when there is none.
node_packages() {
    major=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
    [ "${major:-0}" -ge 18 ] && command -v npm >/dev/null || echo nodejs npm
}

level=${1:-build}
case $level in
build) wanted=$build ;;
check) wanted="$build $check $(node_packages)" ;;
bench) wanted="$build $bench $(node_packages)" ;;
*) echo "usage: $0 build|check|bench" >&2; exit 2 ;;
esac

missing=
# shellcheck disable=SC2086 # a list of names
there=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null || true)
for package in $wanted; do
    case "
$there
" in
    *"
installed $package
"*) ;;
    *) missing="$missing $package" ;;
    esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root='sudo -n'
else
    echo "$0: packages are missing; install them with:" >&2
    echo "    apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
echo "$0: installing$missing" >&2
# shellcheck disable=SC2086 # lists of words
{
    $as_root apt-get -q update
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y install --no-install-recommends $missing
} >&2
