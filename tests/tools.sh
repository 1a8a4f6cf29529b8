#!/bin/bash
# The build's own programs: what they must refuse, they refuse and say where.
#
#     tests/tools.sh BUILD
set -euo pipefail

tools=$1/tools
fixtures=tests/fixtures/tools
scratch=$(mktemp -d)
failures=0
checks=0
trap 'rm -rf "$scratch"' EXIT
export ASAN_OPTIONS=detect_leaks=0 # a tool leaves its memory to the system

fail() {
    echo "tests/tools.sh: $*" >&2
    failures=$((failures + 1))
}

# refuses TEXT COMMAND...: the command fails and its message starts with the text.
refuses() {
    local text=$1 said
    shift
    checks=$((checks + 1))
    if said=$("$@" 2>&1); then
        fail "not refused: $*"
    elif [[ $said != "$text"* ]]; then
        fail "\"$text\" expected, not \"$said\""
    fi
}

# same A B: the files are equal.
same() {
    checks=$((checks + 1))
    diff -u "$1" "$2" >&2 || fail "$1 is not as expected"
}

# A bad fixture says in its first line what is expected, and where.
expected() {
    sed -n '1s/^\(#\|--\) expect \([0-9]*\): /\2: /p' "$1"
}

for bad in "$fixtures"/errors_bad/*.tsv; do
    refuses "$bad:$(expected "$bad")" \
        "$tools/gen_errors" "$bad" "$scratch/h" "$scratch/c" "$scratch/md"
done
for bad in "$fixtures"/queries_bad/*.sql; do
    refuses "$bad:$(expected "$bad")" "$tools/gen_queries" "$scratch/h" "$scratch/c" "$bad"
done
refuses "$fixtures/schema_gap/0003_three.sql: the schema's steps" \
    "$tools/embed" schema "$scratch/h" "$scratch/c" "$fixtures"/schema_gap/*.sql
refuses "$fixtures/schema_double/0001_uno.sql: the schema's steps" \
    "$tools/embed" schema "$scratch/h" "$scratch/c" "$fixtures"/schema_double/*.sql
refuses "nothing: No such file" "$tools/embed" files "$scratch/h" "$scratch/c" a=nothing
refuses "Makefile: the name a is taken" \
    "$tools/embed" files "$scratch/h" "$scratch/c" a=LICENSE a=Makefile
refuses "tests/fixtures/web/assets: has no index.html" \
    "$tools/embed_web" "$scratch/c" tests/fixtures/web/assets
refuses "/0001_one.sql: what kind of file" \
    "$tools/embed_web" "$scratch/c" "$fixtures/schema_gap"
refuses "nothing: no such folder" "$tools/embed_web" "$scratch/c" nothing
checks=$((checks + 1))
[ -z "$(ls "$scratch")" ] || fail "a tool wrote before it refused"

# Statements come out without comments, with fragments, and with their marks.
"$tools/gen_queries" "$scratch/h" "$scratch/c" "$fixtures/queries.sql"
{
    sed -n '/^enum query/,/^}/p' "$scratch/h"
    sed -n -e "/^\/\* .*sql:/,/^\*\//p" -e '/^const struct query_text/,/^}/p' "$scratch/c"
} > "$scratch/queries.txt"
same "$scratch/queries.txt" "$fixtures/queries.txt"

# What is embedded comes out byte by byte.
printf '\0\377"\\\n??/' > "$scratch/odd"
"$tools/embed" files "$scratch/embedded.gen.h" "$scratch/embedded.gen.c" "odd=$scratch/odd"
cat > "$scratch/print.c" <<'END'
#include <stdio.h>
#include "embedded.gen.h"
int main(void)
{
    return fwrite(embedded_files[0].bytes, 1, embedded_files[0].size, stdout) == 0;
}
END
${CC:-cc} -std=c11 -Wall -Wpedantic -Werror -I "$scratch" -o "$scratch/print" \
    "$scratch/print.c" "$scratch/embedded.gen.c"
"$scratch/print" > "$scratch/odd.out"
same "$scratch/odd.out" "$scratch/odd"

# The law of layers bites.
law=$PWD/docs/layers.txt
layers=$(realpath "$tools/check_layers")
checks=$((checks + 1))
if (cd tests/fixtures/layers_bad &&
    "$layers" "$law" include/*/*.h src/*.c src/*/*.c 2> "$scratch/layers"); then
    fail "check_layers lets the bad fixtures pass"
fi
same "$scratch/layers" tests/fixtures/layers_bad/layers.expected

echo "tests/tools.sh: $checks checks, $failures failures"
[ "$failures" -eq 0 ]
