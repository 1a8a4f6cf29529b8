/*
 * personal.c - finds phone, identity-card and plate numbers and given names.
 *
 * A group of digits is judged as a whole, so that an amount is not taken for a
 * phone; and so is every row of neighbouring groups, because people part the
 * digits of one number, and write a date behind another.
 */
#include "domain/personal.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define GROUPS_MAX 20 /* an identity card may be parted digit by digit */
#define RUN_MAX 80
#define PARTED_BY_MAX 3 /* separators between two groups of one number */
#define NAME_BYTES 512

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* --- Numbers ------------------------------------------------------------------- */

static int
two(const char *digits)
{
    return (digits[0] - '0') * 10 + digits[1] - '0';
}

/* "mmdd" as a birthday has it. */
static bool
is_birthday(const char *digits)
{
    return two(digits) >= 1 && two(digits) <= 12 && two(digits + 2) >= 1 &&
           two(digits + 2) <= 31;
}

static enum personal
judge_number(const char *digits, size_t length)
{
    bool is_region = digits[0] >= '1' && digits[0] <= '8';

    if (length == 18 && is_region &&
        (memcmp(digits + 6, "19", 2) == 0 || memcmp(digits + 6, "20", 2) == 0) &&
        is_birthday(digits + 10))
        return PERSONAL_ID_CARD;
    if (length == 15 && is_region && is_birthday(digits + 8))
        return PERSONAL_ID_CARD; /* the old form */
    if (length == 11 && digits[0] == '1' && digits[1] >= '3')
        return PERSONAL_PHONE;
    if (length == 13 && memcmp(digits, "861", 3) == 0 && digits[3] >= '3')
        return PERSONAL_PHONE;
    if ((length == 11 || length == 12 || length == 10) && digits[0] == '0' &&
        digits[1] != '0')
        return PERSONAL_PHONE; /* area code and landline */
    return PERSONAL_NONE;
}

/* What may stand between the digits of one number, as its bytes. */
static size_t
separator(const char *text)
{
    static const char *const wide[] = { "·", "—", "–", "－", "‐", "‑", "．" };

    if (*text != '\0' && strchr(" -.()/_", *text) != NULL)
        return 1;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return strlen(wide[i]);
    return 0;
}

/* The groups of digits from some place on that might be one number. */
struct groups {
    char digits[RUN_MAX];
    size_t start[GROUPS_MAX + 1]; /* of each group in digits, and the end */
    size_t count;
};

static void
read_groups(const char *text, struct groups *groups)
{
    size_t at = 0, length = 0;

    groups->count = 0;
    for (;;) {
        groups->start[groups->count++] = length;
        while (is_digit(text[at]) && length < RUN_MAX - 1)
            groups->digits[length++] = text[at++];
        /* The check digit of an identity card may be an X. */
        if ((text[at] == 'x' || text[at] == 'X') && !is_letter(text[at + 1]) &&
            length < RUN_MAX - 1)
            groups->digits[length++] = 'X';
        groups->start[groups->count] = length;
        size_t gap = 0;
        for (int i = 0; i < PARTED_BY_MAX && separator(text + at + gap) > 0; i++)
            gap += separator(text + at + gap);
        if (!is_digit(text[at + gap]) || gap == 0 || groups->count == GROUPS_MAX)
            return;
        at += gap;
    }
}

/* The number that begins with the group at `text`. */
static enum personal
find_number(const char *text)
{
    struct groups groups;
    enum personal found = PERSONAL_NONE;

    read_groups(text, &groups);
    for (size_t i = 1; i <= groups.count && found == PERSONAL_NONE; i++)
        found = judge_number(groups.digits, groups.start[i]);
    return found;
}

/* --- Plates -------------------------------------------------------------------- */

/* Is the character at `text`, of three bytes, one of `characters`? */
static bool
is_one_of(const char *text, const char *characters)
{
    char character[4] = { 0 };

    if ((unsigned char)text[0] < 0xE0 || text[1] == '\0' || text[2] == '\0')
        return false;
    memcpy(character, text, 3);
    return strstr(characters, character) != NULL;
}

/*
 * A province's character, a letter, then 5 or 6 letters and digits, or 4 and
 * the character of a special plate; all of them may be parted.
 */
static bool
is_plate(const char *text)
{
    if (!is_one_of(text,
                   "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"))
        return false;
    const char *rest = text + 3;
    rest += separator(rest);
    if (!is_letter(*rest))
        return false;
    size_t length = 0, digits = 0;
    for (rest++;;) {
        const char *next = rest + separator(rest);
        if (!is_digit(*next) && !is_letter(*next))
            break;
        digits += is_digit(*next);
        length++;
        rest = next + 1;
    }
    if (length == 4 && is_one_of(rest + separator(rest), "学警港澳挂试超使领"))
        return true;
    return (length == 5 || length == 6) && digits >= 2;
}

/* --- What callers ask ------------------------------------------------------------ */

enum personal
personal_find_name(const char *text, const char *const *names)
{
    char name[NAME_BYTES];

    for (size_t i = 0; names[i] != NULL; i++) {
        if (strlen(names[i]) >= sizeof name)
            continue; /* no name is so long */
        personal_fold(names[i], true, name);
        if (strlen(name) >= 4 && strstr(text, name) != NULL) /* one character is none */
            return PERSONAL_NAME;
    }
    return PERSONAL_NONE;
}

enum personal
personal_find(const char *text)
{
    for (const char *at = text; *at != '\0';) {
        if (is_digit(*at)) {
            enum personal found = find_number(at);
            if (found != PERSONAL_NONE)
                return found;
            while (is_digit(*at))
                at++;
            continue;
        }
        if (is_plate(at))
            return PERSONAL_PLATE;
        at++;
    }
    return PERSONAL_NONE;
}

/* --- Folding ---------------------------------------------------------------------- */

/* The character at `at` (valid UTF-8) and its bytes. */
static unsigned
read_character(const unsigned char *at, size_t *ret_bytes)
{
    *ret_bytes = at[0] < 0x80 ? 1 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    switch (*ret_bytes) {
    case 1:
        return at[0];
    case 2:
        return (at[0] & 0x1Fu) << 6 | (at[1] & 0x3Fu);
    case 3:
        return (at[0] & 0x0Fu) << 12 | (at[1] & 0x3Fu) << 6 | (at[2] & 0x3Fu);
    default:
        return (at[0] & 0x07u) << 18 | (at[1] & 0x3Fu) << 12 | (at[2] & 0x3Fu) << 6 |
               (at[3] & 0x3Fu);
    }
}

static bool
is_space(unsigned character)
{
    return character == ' ' || (character >= '\t' && character <= '\r') ||
           character == 0xA0 || (character >= 0x2000 && character <= 0x200A) ||
           character == 0x2028 || character == 0x2029 || character == 0x202F ||
           character == 0x205F || character == 0x3000;
}

/* Characters that are not seen, but part what belongs together. */
static bool
is_unseen(unsigned character)
{
    return character == 0xAD || (character >= 0x200B && character <= 0x200F) ||
           (character >= 0x202A && character <= 0x202E) || character == 0x2060 ||
           character == 0xFEFF;
}

/* The plain digit that a numeral of another kind stands for, or 0. */
static char
digit_of(unsigned character)
{
    static const unsigned chinese[][3] = {
        { 0x3007, 0x96F6, 0x25CB }, { 0x4E00, 0x58F9, 0x5E7A }, { 0x4E8C, 0x8D30, 0 },
        { 0x4E09, 0x53C1, 0 },      { 0x56DB, 0x8086, 0 },      { 0x4E94, 0x4F0D, 0 },
        { 0x516D, 0x9646, 0 },      { 0x4E03, 0x67D2, 0 },      { 0x516B, 0x634C, 0 },
        { 0x4E5D, 0x7396, 0 },
    };

    if (character >= 0x1D7CE && character <= 0x1D7FF) /* mathematical digits, five sets */
        return (char)('0' + (character - 0x1D7CE) % 10);
    if (character >= 0x2460 && character <= 0x2468) /* circled 1 … 9 */
        return (char)('1' + (character - 0x2460));
    for (int digit = 0; digit < 10; digit++)
        for (int form = 0; form < 3; form++)
            if (chinese[digit][form] == character && character != 0)
                return (char)('0' + digit);
    return 0;
}

static void
fold(const char *text, bool drops_space, bool reads_numerals, char *ret_folded)
{
    const unsigned char *at = (const unsigned char *)text;

    while (*at != '\0') {
        size_t bytes;
        unsigned character = read_character(at, &bytes);
        char numeral = (char)(reads_numerals ? digit_of(character) : 0);

        if (character >= 0xFF01 && character <= 0xFF5E) /* full-width "!" … "~" */
            *ret_folded++ = (char)(character - 0xFF01 + '!');
        else if (numeral != 0)
            *ret_folded++ = numeral;
        else if (is_space(character)) {
            if (!drops_space)
                *ret_folded++ = ' ';
        } else if (!is_unseen(character)) {
            memcpy(ret_folded, at, bytes);
            ret_folded += bytes;
        }
        at += bytes;
    }
    *ret_folded = '\0';
}

void
personal_fold(const char *text, bool drops_space, char *ret_folded)
{
    fold(text, drops_space, false, ret_folded);
}

void
personal_fold_numerals(const char *text, char *ret_folded)
{
    fold(text, false, true, ret_folded);
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
