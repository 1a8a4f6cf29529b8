#include "store/phrases.h"

#include "domain/ticket_words.h"
#include "store/query.h"
#include "store/writer.h"

/* phrases.c - see the header. */

static enum err
read_phrase(struct stmt *q, struct arena *arena, struct phrase *phrase)
{
    phrase->id = row_int(q);
    phrase->kind = choice_find(&words_phrase_kind, row_text(q)); /* by CHECK */
    phrase->text = row_text_copy(q, arena);
    phrase->is_enabled = row_int(q) != 0;
    phrase->version = row_int(q);
    return phrase->text == NULL ? ERR_NO_MEMORY : OK;
}

/* In the order of the fragment template_columns. */
static enum err
read_template(struct stmt *q, struct arena *arena, struct text_template *one)
{
    one->id = row_int(q);
    one->kind = choice_find(&words_template_kind, row_text(q)); /* by CHECK */
    one->title = row_text_copy(q, arena);
    one->text = row_text_copy(q, arena);
    one->unit = row_text_copy(q, arena);
    one->is_enabled = row_int(q) != 0;
    one->version = row_int(q);
    return one->title == NULL || one->text == NULL ? ERR_NO_MEMORY : OK;
}

static void
bind_filter(struct stmt *q, const struct phrase_filter *filter,
            const struct choices *kinds, int limit)
{
    bind_int(q, ":after", filter->after);
    bind_text(q, ":kind", choice_word(kinds, filter->kind));
    if (filter->has_enabled)
        bind_int(q, ":enabled", filter->is_enabled);
    else
        bind_null(q, ":enabled");
    bind_int(q, ":limit", limit);
}

enum err
phrases_page(struct db *db, struct arena *arena, const struct phrase_filter *filter,
             int limit, struct phrase **ret_phrases, size_t *ret_count)
{
    struct phrase *phrases = arena_array(arena, struct phrase, (size_t)limit);
    struct stmt *q = query(db, Q_PHRASE_PAGE);
    size_t count = 0;
    bool has_row = false;

    if (phrases == NULL)
        return ERR_NO_MEMORY;
    bind_filter(q, filter, &words_phrase_kind, limit);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row)
            break;
        enum err err = read_phrase(q, arena, &phrases[count++]);
        if (err != OK) {
            query_end(q);
            return err;
        }
    }
    *ret_phrases = phrases;
    *ret_count = count;
    return OK;
}

enum err
templates_page(struct db *db, struct arena *arena, const struct phrase_filter *filter,
               int limit, struct text_template **ret_templates, size_t *ret_count)
{
    struct text_template *templates =
        arena_array(arena, struct text_template, (size_t)limit);
    struct stmt *q = query(db, Q_TEMPLATE_PAGE);
    size_t count = 0;
    bool has_row = false;

    if (templates == NULL)
        return ERR_NO_MEMORY;
    bind_filter(q, filter, &words_template_kind, limit);
    bind_int_or_null(q, ":viewer_unit", filter->viewer_unit);
    for (;;) {
        TRY(query_next(q, &has_row));
        if (!has_row)
            break;
        enum err err = read_template(q, arena, &templates[count++]);
        if (err != OK) {
            query_end(q);
            return err;
        }
    }
    *ret_templates = templates;
    *ret_count = count;
    return OK;
}

enum err
phrases_by_id(struct db *db, struct arena *arena, int64_t id, struct phrase *ret_phrase)
{
    struct stmt *q = query(db, Q_PHRASE_BY_ID);

    bind_int(q, ":id", id);
    TRY(query_one(q));
    enum err err = read_phrase(q, arena, ret_phrase);
    query_end(q);
    return err;
}

enum err
templates_by_id(struct db *db, struct arena *arena, int64_t id, int64_t viewer_unit,
                struct text_template *ret_template)
{
    struct stmt *q = query(db, Q_TEMPLATE_BY_ID);

    bind_int(q, ":id", id);
    bind_int_or_null(q, ":viewer_unit", viewer_unit);
    TRY(query_one(q));
    enum err err = read_template(q, arena, ret_template);
    query_end(q);
    return err;
}

enum err
phrases_by_text(struct db *db, struct arena *arena, int kind, const char *text,
                struct phrase *ret_phrase)
{
    struct stmt *q = query(db, Q_PHRASE_BY_TEXT);

    bind_text(q, ":kind", choice_word(&words_phrase_kind, kind));
    bind_text(q, ":text", text);
    TRY(query_one(q));
    enum err err = read_phrase(q, arena, ret_phrase);
    query_end(q);
    return err;
}

enum err
phrases_any(struct db *db, bool *ret_any)
{
    struct stmt *q = query(db, Q_PHRASE_ANY);

    TRY(query_one(q));
    *ret_any = row_int(q) != 0;
    query_end(q);
    return OK;
}

/* --- Writing ---------------------------------------------------------------------- */

static void
bind_phrase(struct stmt *q, const struct phrase *phrase)
{
    bind_text(q, ":kind", choice_word(&words_phrase_kind, phrase->kind));
    bind_text(q, ":text", phrase->text);
    bind_int(q, ":is_enabled", phrase->is_enabled);
}

static void
bind_template(struct stmt *q, const struct text_template *one)
{
    bind_text(q, ":kind", choice_word(&words_template_kind, one->kind));
    bind_text(q, ":title", one->title);
    bind_text(q, ":text", one->text);
    bind_text(q, ":unit", one->unit);
    bind_int(q, ":is_enabled", one->is_enabled);
}

static enum err
insert(struct stmt *q, int64_t *ret_id)
{
    TRY(query_one(q));
    *ret_id = row_int(q);
    query_end(q);
    return OK;
}

static enum err
update(struct stmt *q, int64_t id, int64_t version)
{
    int64_t changes = 0;

    bind_int(q, ":id", id);
    bind_int(q, ":version", version);
    TRY(query_run(q, &changes));
    return changes == 1 ? OK : ERR_VERSION_CONFLICT;
}

enum err
phrases_insert(struct txn *txn, const struct phrase *phrase, int64_t *ret_id)
{
    struct stmt *q = query(txn->db, Q_PHRASE_INSERT);

    bind_phrase(q, phrase);
    return insert(q, ret_id);
}

enum err
templates_insert(struct txn *txn, const struct text_template *one, int64_t *ret_id)
{
    struct stmt *q = query(txn->db, Q_TEMPLATE_INSERT);

    bind_template(q, one);
    return insert(q, ret_id);
}

enum err
phrases_update(struct txn *txn, const struct phrase *phrase)
{
    struct stmt *q = query(txn->db, Q_PHRASE_UPDATE);

    bind_phrase(q, phrase);
    return update(q, phrase->id, phrase->version);
}

enum err
templates_update(struct txn *txn, const struct text_template *one)
{
    struct stmt *q = query(txn->db, Q_TEMPLATE_UPDATE);

    bind_template(q, one);
    return update(q, one->id, one->version);
}

enum err
phrases_delete(struct txn *txn, int64_t id)
{
    struct stmt *q = query(txn->db, Q_PHRASE_DELETE);

    bind_int(q, ":id", id);
    return query_run(q, NULL);
}

enum err
templates_delete(struct txn *txn, int64_t id)
{
    struct stmt *q = query(txn->db, Q_TEMPLATE_DELETE);

    bind_int(q, ":id", id);
    return query_run(q, NULL);
}
