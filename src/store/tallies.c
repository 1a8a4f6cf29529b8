#include "tallies.h"

#include <stdlib.h>

#include "base/text.h"
#include "store/query.h"

/* tallies.c - see the header. */

enum err
tallies_look_up(struct db *db, similar_pair pair, int64_t since_id, int limit,
                struct tally *tallies, size_t *count)
{
    struct stmt *stmt = query(db, Q_SIMILAR_ROWS);
    char text[SIMILAR_PAIR_BYTES], match[SIMILAR_PAIR_BYTES + 2];
    bool has_row;

    similar_pair_text(pair, text);
    (void)text_format(match, sizeof match, "\"%s\"", text); /* no sign is in a pair */
    bind_text(stmt, ":match", match);
    bind_int(stmt, ":since_id", since_id);
    bind_int(stmt, ":limit", limit);
    for (;;) {
        TRY(query_next(stmt, &has_row));
        if (!has_row)
            return OK;
        tallies[(*count)++] = (struct tally){ .ticket_id = row_int(stmt) };
    }
}

static int
by_ticket(const void *a, const void *b)
{
    int64_t left = ((const struct tally *)a)->ticket_id,
            right = ((const struct tally *)b)->ticket_id;

    return (left > right) - (left < right);
}

static int
by_weight(const void *a, const void *b)
{
    const struct tally *left = a, *right = b;
    double difference = right->subject + right->place - left->subject - left->place;

    return difference > 0 ? 1 : difference < 0 ? -1 : by_ticket(b, a);
}

size_t
tallies_sum_up(struct tally *tallies, size_t count)
{
    size_t kept = 0;

    if (count == 0)
        return 0;
    qsort(tallies, count, sizeof *tallies, by_ticket);
    for (size_t i = 0; i < count; i++)
        if (kept > 0 && tallies[kept - 1].ticket_id == tallies[i].ticket_id) {
            tallies[kept - 1].subject += tallies[i].subject;
            tallies[kept - 1].place += tallies[i].place;
        } else
            tallies[kept++] = tallies[i];
    qsort(tallies, kept, sizeof *tallies, by_weight);
    return kept;
}
