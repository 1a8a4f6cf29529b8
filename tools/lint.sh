#!/bin/bash
# Everything that can be said about the text without running it.
#
#     tools/lint.sh        all checks; each tells its faults, the end tells which failed
#     tools/lint.sh files  the C files that are kept in form
set -euo pipefail

build=${BUILD:-build}
flags=(-std=c11 -D_GNU_SOURCE -I include -I "$build/gen")
failed=()

c_files() {
    git ls-files --cached --others --exclude-standard -- '*.c' '*.h' |
        grep -v '^tests/fixtures/' | while read -r file; do [ ! -f "$file" ] || echo "$file"; done
}

sources() {
    c_files | grep '^src/.*\.c$'
}

form() {
    c_files | xargs -r clang-format --dry-run -Werror
}

# What passed is remembered under the hash of all it was made of, comments (NOLINT) too.
tidy_one() {
    local file=$1 seen
    seen=$build/tidy/$({ clang -E -C "${flags[@]}" "$file" && cat .clang-tidy; } | sha256sum |
        cut -c 1-40)
    [ ! -e "$seen" ] || return 0
    clang-tidy --quiet "$file" -- "${flags[@]}" 2>/dev/null || return 1
    touch "$seen"
}

tidy() {
    mkdir -p "$build/tidy"
    sources | xargs -r -P "$(nproc)" -n 1 "$0" tidy-one
}

cppcheck_all() {
    # The analyser knows the macros of check and of limits better by their names.
    sources | xargs -r cppcheck -q --std=c11 --enable=warning,performance,portability \
        --inline-suppr --suppress=missingIncludeSystem --error-exitcode=1 \
        -j "$(nproc)" -D_GNU_SOURCE -I include -I "$build/gen"
}

scripts() {
    git ls-files --cached --others --exclude-standard | grep -v '^tests/fixtures/' |
        while read -r file; do
            if [ -f "$file" ] && head -c 60 "$file" | head -n 1 | tr -d '\0' |
                grep -qE '^#!.*\b(ba)?sh\b'; then echo "$file"; fi
        done | xargs -r shellcheck
}

pages() {
    cmp "$build/gen/errors.md" docs/errors.md || { echo 'written by: make docs' && return 1; }
}

# A released step of the schema never changes; a step is listed once it is released.
schema() {
    [ ! -e sql/schema/SHA256SUMS ] || (cd sql/schema && sha256sum --quiet --check SHA256SUMS)
}

check() {
    local start=$SECONDS
    "$@" || failed+=("$1")
    echo "lint: $1 ($((SECONDS - start)) s)"
}

case ${1:-} in
files) c_files ;;
tidy-one) tidy_one "$2" ;;
'')
    for part in form pages schema scripts cppcheck_all tidy; do check "$part"; done
    [ ${#failed[@]} -eq 0 ] || { echo "lint: failed: ${failed[*]}" >&2 && exit 1; }
    ;;
*) echo "usage: $0 [files]" >&2 && exit 2 ;;
esac
