#include "command_internal.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"

/* command.c - what the commands share; see the header. */

void
command_changed(struct command_changes *changes, const char *name)
{
    size_t room = sizeof changes->list - changes->bytes;

    /* The closing bracket is overwritten by the next name. */
    bool fits = changes->bytes == 0
                    ? text_format(changes->list, room, "[\"%s\"]", name)
                    : text_format(changes->list + changes->bytes, room, ",\"%s\"]", name);
    assert(fits);
    if (fits)
        changes->bytes = strlen(changes->list) - 1;
}
