#include "store/settings.h"

#include "store/query.h"
#include "store/writer.h"

/* settings.c - see the header. */

enum err
settings_put_limit(struct txn *txn, enum step step, enum urgency urgency,
                   const struct limit *limit)
{
    struct stmt *q =
        query(txn->db, limit != NULL ? Q_LIMIT_RULE_PUT : Q_LIMIT_RULE_DELETE);

    bind_text(q, ":step", choice_word(&words_step, (int)step));
    bind_text(q, ":urgency", choice_word(&words_urgency, (int)urgency));
    if (limit != NULL) {
        bind_int(q, ":amount", limit->amount);
        bind_text(q, ":unit", choice_word(&words_limit_unit, (int)limit->unit));
    }
    return query_run(q, NULL);
}

enum err
settings_put(struct txn *txn, const char *name, const char *value)
{
    struct stmt *q = query(txn->db, value != NULL ? Q_SETTING_PUT : Q_SETTING_DELETE);

    bind_text(q, ":name", name);
    if (value != NULL)
        bind_text(q, ":value", value);
    return query_run(q, NULL);
}

enum err
settings_count_change(struct txn *txn, const char *list, int64_t version)
{
    struct stmt *q = query(txn->db, Q_SETTING_VERSION_NEXT);
    int64_t changes = 0;

    bind_text(q, ":list", list);
    bind_int(q, ":version", version);
    TRY(query_run(q, &changes));
    return changes == 1 ? OK : ERR_VERSION_CONFLICT;
}
