/* ticket_actions.c - what the request's actor may do with a ticket now. */
#include "api_internal.h"
#include "store/rulebook.h"
#include "ticket_json.h"

static void
write_fields(struct json_out *out, const char *key, uint64_t fields)
{
    json_list_open(out, key);
    for (; fields != 0; fields &= fields - 1)
        json_word(out, NULL, ticket_act_fields[__builtin_ctzll(fields)].name);
    json_list_close(out);
}

void
ticket_actions_json(struct json_out *out, const struct request *req,
                    const struct ticket_case *ticket_case)
{
    const struct rulebook *rulebook = req->rulebook;
    const struct ticket_rule *rules[TICKET_ACTION_COUNT];
    size_t count =
        ticket_possible(ticket_case, &api_actor(req)->actor, rulebook->calendar,
                        &rulebook->limits, req->now, rules);

    json_list_open(out, "actions");
    for (size_t i = 0; i < count; i++) {
        const struct choice *action = &words_action.items[rules[i]->action];
        json_object_open(out, NULL);
        json_word(out, "action", action->word);
        json_word(out, "zh", action->zh);
        json_word(out, "en", action->en);
        write_fields(out, "must", rules[i]->must);
        write_fields(out, "may", rules[i]->may);
        json_bool(out, "versioned", rules[i]->is_versioned);
        json_object_close(out);
    }
    json_list_close(out);
}
