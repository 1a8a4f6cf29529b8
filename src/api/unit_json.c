#include "store/rulebook.h"
#include "ticket_json.h"

/* unit_json.c - what a unit is called, wherever one is told of. */

void
unit_json(struct json_out *out, const char *key, const char *unit_code, const char *name,
          const char *short_name)
{
    if (unit_code == NULL) {
        json_null(out, key);
        return;
    }
    json_object_open(out, key);
    json_text(out, "code", unit_code);
    json_text(out, "name", name);
    json_text(out, "short_name", short_name);
    json_object_close(out);
}

void
unit_names_json(struct json_out *out, const char *key, const struct rulebook *rulebook,
                int64_t id)
{
    const struct unit_names *unit = rulebook_unit(rulebook, id);

    if (unit == NULL)
        json_null(out, key);
    else
        unit_json(out, key, unit->code, unit->name, unit->short_name);
}
