#include "store/logins.h"

#include <stdbool.h>

#include "store/query.h"
#include "store/writer.h"

/* logins.c - see the header. */

struct failures {
    int64_t count, last_at, locked_until;
};

/* None found is all zero. */
static enum err
find(struct db *db, const char *login, const char *network, struct failures *ret_failures)
{
    struct stmt *q = query(db, Q_LOGIN_FIND);
    struct failures failures = { 0 };
    bool has_row = false;

    bind_text(q, ":login", login);
    bind_text(q, ":network", network);
    TRY(query_next(q, &has_row));
    if (has_row) {
        failures.count = row_int(q);
        failures.last_at = row_int(q);
        failures.locked_until = row_int(q);
    }
    query_end(q);
    *ret_failures = failures;
    return OK;
}

enum err
logins_locked_until(struct db *db, const char *login, const char *network, int64_t now,
                    int64_t *ret_until)
{
    struct failures failures;

    TRY(find(db, login, network, &failures));
    *ret_until = failures.locked_until > now ? failures.locked_until : 0;
    return OK;
}

enum err
logins_fail(struct txn *txn, const char *login, const char *network, int64_t now,
            int64_t most, int64_t lock_s, int64_t *ret_until)
{
    struct failures failures;

    TRY(find(txn->db, login, network, &failures));
    bool is_fresh = failures.locked_until == 0 && now - failures.last_at < lock_s;
    int64_t count = is_fresh ? failures.count + 1 : 1;
    int64_t until = count >= most ? now + lock_s : 0;

    struct stmt *q = query(txn->db, Q_LOGIN_PUT);
    bind_text(q, ":login", login);
    bind_text(q, ":network", network);
    bind_int(q, ":failures", count);
    bind_int(q, ":last_at", now);
    bind_int(q, ":locked_until", until);
    TRY(query_run(q, NULL));
    *ret_until = until;
    return OK;
}

enum err
logins_clear(struct txn *txn, const char *login, const char *network)
{
    struct stmt *q = query(txn->db, Q_LOGIN_CLEAR);

    bind_text(q, ":login", login);
    bind_text(q, ":network", network);
    return query_run(q, NULL);
}

enum err
logins_sweep(struct txn *txn, int64_t before, int limit)
{
    struct stmt *q = query(txn->db, Q_LOGIN_SWEEP);

    bind_int(q, ":before", before);
    bind_int(q, ":limit", limit);
    return query_run(q, NULL);
}
