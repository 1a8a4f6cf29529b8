#!/bin/sh
# Names the suites with threads in them, for the thread sanitizer in `make check`:
# scenarios against a server, and unit tests that start a thread or the writer.
set -eu
{
    ls tests/api/test_*.c 2>/dev/null || true
    grep -lE 'pthread_create|writer_start|server_start|support/server' tests/unit/test_*.c || true
} | sed 's|.*/test_\(.*\)\.c|\1|' | tr '\n' ' '
