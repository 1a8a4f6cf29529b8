/*
 * slow_sync.c - every flush SYNC_US microseconds slower: what a busy disk does
 * to the write path.  Loaded with LD_PRELOAD.
 */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static int
slow(const char *name, int fd)
{
    int (*real)(int) = NULL;
    const char *us = getenv("SYNC_US");
    long long wait_us = us != NULL ? atoll(us) : 0;
    struct timespec wait = { wait_us / 1000000, (wait_us % 1000000) * 1000 };

    *(void **)&real = dlsym(RTLD_NEXT, name);
    (void)clock_nanosleep(CLOCK_MONOTONIC, 0, &wait, NULL);
    return real(fd);
}

int
fsync(int fd)
{
    return slow("fsync", fd);
}

int
fdatasync(int fd)
{
    return slow("fdatasync", fd);
}
