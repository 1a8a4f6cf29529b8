#!/bin/sh
# Prints the branch coverage of source files after `make COVERAGE=1 BUILD=... test`.
#
#     tools/coverage.sh BUILD src/domain/a.c ...
set -eu
build=$1
shift
for source; do
    gcov --branch-probabilities --branch-counts --no-output \
        --object-directory "$build/$(dirname "$source")" "$source" 2>/dev/null |
        awk -v source="$source" '
            /^File / { mine = index($0, "\x27" source "\x27") }
            mine && /^Taken at least once/ { split($0, part, /[:% ]+/)
                taken = $0; sub(/.*:/, "", taken); sub(/%.*/, "", taken)
                print source, $NF, taken }'
done | awk '
    { branches += $2; hit += $2 * $3 / 100; printf "%6.2f %% of %4d  %s\n", $3, $2, $1 }
    END { if (branches) printf "%6.2f %% of %4d  branches in all\n", 100 * hit / branches, branches
          else exit 1 }'
