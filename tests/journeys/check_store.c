/*
 * check_store.c - what only the inside shows: is the chain of a data directory
 * whole, and do the summaries agree?  Prints one line of JSON.
 *
 *     check_store DIRECTORY
 */
#include <stdio.h>
#include <string.h>

#include "base/config.h"
#include "base/crypt.h"
#include "store/events.h"
#include "store/reader.h"
#include "store/store.h"
#include "store/summaries.h"

static enum err
check(struct store *store)
{
    struct reader_pool *pool;
    struct reader *reader;
    int64_t count = 0, bad_seq = 0;
    const char *wrong = NULL;

    TRY(reader_pool_open(store, 1, &pool));
    enum err err = reader_acquire(pool, 60000, &reader);
    if (err == OK) {
        err = events_verify_chain(reader->db, &count, &bad_seq);
        if (err == OK)
            err = summaries_agree(reader->db, &wrong);
        reader_release(pool, reader);
    }
    reader_pool_close(pool);
    if (err == OK)
        printf("{\"events\":%lld,\"bad_seq\":%lld,\"summaries_agree\":%s}\n",
               (long long)count, (long long)bad_seq, wrong == NULL ? "true" : "false");
    return err == OK && (bad_seq != 0 || wrong != NULL) ? ERR_INTERNAL : err;
}

int
main(int argc, char **argv)
{
    struct config config;
    struct problem problem = { .field_count = 0 };
    struct store *store;

    if (argc != 2)
        return 2;
    config_defaults(&config);
    if (crypt_start() != OK || config_set(&config, "data", argv[1], &problem) != OK)
        return 1;
    enum err err = store_open(&config, &store, &problem);
    if (err == OK) {
        err = check(store);
        store_close(store);
    }
    if (err != OK)
        fprintf(stderr, "check_store: %s %s\n", err_code(err), problem.value);
    return err == OK ? 0 : 1;
}
