#!/bin/sh
# Names the suites where threads meet, for the thread sanitizer in `make check`: those of
# the HTTP layer and of live updates, and unit tests that start a thread or the writer.
# `make check-tsan` alone runs all.
set -eu
{
    ls tests/api/test_http*.c tests/api/test_*stream*.c 2>/dev/null || true
    grep -lE 'pthread_create|fault_vfs_on_checkpoint|writer_start|server_start|support/server' tests/unit/test_*.c || true
} | sed 's|.*/test_\(.*\)\.c|\1|' | sort -u | tr '\n' ' '
