/*
 * personal.c - finds phone, identity-card and plate numbers and given names.
 *
 * A long run of digits is judged as a whole, so that a ticket number or an
 * amount is not taken for a phone; digits may be parted by single spaces or
 * dashes, as people write them.
 */
#include "domain/personal.h"

#include <stdbool.h>
#include <string.h>

#define RUN_MAX 40

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Copy the digits of the run at `text` (and a closing X); returns how far it reaches. */
static size_t
digit_run(const char *text, char digits[RUN_MAX])
{
    size_t length = 0, i = 0;

    while (is_digit(text[i]) ||
           ((text[i] == ' ' || text[i] == '-') && is_digit(text[i + 1]))) {
        if (is_digit(text[i]) && length < RUN_MAX - 2)
            digits[length++] = text[i];
        i++;
    }
    if (length == 17 && (text[i] == 'x' || text[i] == 'X')) {
        digits[length++] = 'X';
        i++;
    }
    digits[length] = '\0';
    return i;
}

static enum personal
judge_run(const char *digits)
{
    size_t length = strlen(digits);

    if (length == 18 &&
        (memcmp(digits + 6, "19", 2) == 0 || memcmp(digits + 6, "20", 2) == 0))
        return PERSONAL_ID_CARD;
    if (length == 11 && digits[0] == '1' && digits[1] >= '3')
        return PERSONAL_PHONE;
    if (length == 13 && memcmp(digits, "86", 2) == 0 && digits[2] == '1')
        return PERSONAL_PHONE;
    if ((length == 11 || length == 12 || length == 10) && digits[0] == '0' &&
        digits[1] != '0')
        return PERSONAL_PHONE; /* area code and landline */
    return PERSONAL_NONE;
}

/* A province's character, a letter, then 5 or 6 letters and digits (a dot may part them). */
static bool
is_plate(const char *text)
{
    static const char provinces[] =
        "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
    char character[4] = { 0 };

    if ((unsigned char)text[0] < 0xE0 || text[1] == '\0' || text[2] == '\0')
        return false;
    memcpy(character, text, 3);
    if (strstr(provinces, character) == NULL)
        return false;
    const char *rest = text + 3;
    if (*rest < 'A' || *rest > 'Z')
        return false;
    rest++;
    if (strncmp(rest, "·", 2) == 0)
        rest += 2;
    else if (*rest == ' ' || *rest == '.')
        rest++;
    size_t length = 0, digits = 0;
    while (is_digit(rest[length]) || (rest[length] >= 'A' && rest[length] <= 'Z'))
        digits += is_digit(rest[length++]);
    return (length == 5 || length == 6) && digits >= 2;
}

enum personal
personal_find_name(const char *text, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++)
        if (strlen(names[i]) >= 4 &&
            strstr(text, names[i]) != NULL) /* one character is no name */
            return PERSONAL_NAME;
    return PERSONAL_NONE;
}

enum personal
personal_find(const char *text)
{
    for (const char *at = text; *at != '\0';) {
        if (is_digit(*at)) {
            char digits[RUN_MAX] = { 0 };
            size_t length = digit_run(at, digits);
            enum personal found = judge_run(digits);
            if (found != PERSONAL_NONE)
                return found;
            at += length;
            continue;
        }
        if (is_plate(at))
            return PERSONAL_PLATE;
        at++;
    }
    return PERSONAL_NONE;
}

void
personal_fold(const char *text, bool drops_space, char *ret_folded)
{
    const unsigned char *at = (const unsigned char *)text;

    while (*at != '\0') {
        if (at[0] == 0xEF && (at[1] == 0xBC || at[1] == 0xBD) && at[2] != '\0') {
            /* U+FF01 … U+FF5E are "!" … "~" */
            unsigned code = 0xF000u | ((at[1] & 0x3Fu) << 6) | (at[2] & 0x3Fu);
            if (code >= 0xFF01 && code <= 0xFF5E) {
                *ret_folded++ = (char)(code - 0xFF01 + '!');
                at += 3;
                continue;
            }
        }
        bool is_wide_space = at[0] == 0xE3 && at[1] == 0x80 && at[2] == 0x80;
        if (is_wide_space || *at == ' ' || *at == '\t' || *at == '\n') {
            if (!drops_space)
                *ret_folded++ = ' ';
            at += is_wide_space ? 3 : 1;
            continue;
        }
        *ret_folded++ = (char)*at++;
    }
    *ret_folded = '\0';
}

const char *
personal_word(enum personal personal)
{
    switch (personal) {
    case PERSONAL_PHONE:
        return "电话 phone";
    case PERSONAL_ID_CARD:
        return "身份证号 identity card";
    case PERSONAL_PLATE:
        return "车牌 plate";
    case PERSONAL_NAME:
        return "姓名 name";
    case PERSONAL_NONE:
        break;
    }
    return "";
}
