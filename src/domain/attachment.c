/*
 * attachment.c - the table of types: extensions, media type, and what the
 * bytes must begin with.
 *
 * A container (docx, xlsx) is not opened: the name of its first member, which
 * stands uncompressed in the first bytes, tells an office document from any
 * other archive.  What a file holds beyond its first bytes is nobody's concern
 * here, because it is only ever handed out for saving (api_attachments.c).
 */
#include "domain/attachment.h"

#include <string.h>
#include <strings.h>

const struct attachment_rule attachment_rules[ATTACHMENT_TYPE_COUNT] = {
    [ATTACHMENT_TYPE_JPG] = { "jpg jpeg", "image/jpeg" },
    [ATTACHMENT_TYPE_PNG] = { "png", "image/png" },
    [ATTACHMENT_TYPE_WEBP] = { "webp", "image/webp" },
    [ATTACHMENT_TYPE_PDF] = { "pdf", "application/pdf" },
    [ATTACHMENT_TYPE_DOCX] = { "docx", "application/vnd.openxmlformats-officedocument."
                                       "wordprocessingml.document" },
    [ATTACHMENT_TYPE_XLSX] = { "xlsx", "application/vnd.openxmlformats-officedocument."
                                       "spreadsheetml.sheet" },
    [ATTACHMENT_TYPE_TXT] = { "txt", "text/plain" },
    [ATTACHMENT_TYPE_MP3] = { "mp3", "audio/mpeg" },
    [ATTACHMENT_TYPE_AMR] = { "amr", "audio/amr" },
    [ATTACHMENT_TYPE_MP4] = { "mp4", "video/mp4" },
};

void
attachment_look_at(struct attachment_look *look, const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    size_t room = sizeof look->head - look->head_bytes;
    size_t kept = count < room ? count : room;

    memcpy(look->head + look->head_bytes, at, kept);
    look->head_bytes += kept;
    for (size_t i = 0; i < count && !look->has_control; i++)
        look->has_control = (at[i] < 0x20 && at[i] != '\t' && at[i] != '\n' &&
                             at[i] != '\f' && at[i] != '\r') ||
                            at[i] == 0x7f;
}

/* --- Names ------------------------------------------------------------------------ */

bool
attachment_name_is_valid(const char *name)
{
    size_t characters = 0;

    for (const unsigned char *at = (const unsigned char *)name; *at != '\0'; at++) {
        if (*at < 0x20 || *at == 0x7f || *at == '/' || *at == '\\')
            return false;
        /* U+0080 to U+009F are control characters too; U+202A to U+202E and
         * U+2066 to U+2069 turn what follows around, so that "gpj.exe" reads
         * "exe.jpg". */
        if (at[0] == 0xC2 && at[1] < 0xA0)
            return false;
        if (at[0] == 0xE2 && ((at[1] == 0x80 && at[2] >= 0xAA && at[2] <= 0xAE) ||
                              (at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9)))
            return false;
        characters += (*at & 0xC0) != 0x80;
    }
    return characters >= 1 && characters <= ATTACHMENT_NAME_CHARACTERS;
}

/* Is `word` one of the words between spaces? Case does not count. */
static bool
is_word_of(const char *words, const char *word)
{
    size_t bytes = strlen(word);

    for (const char *at = words; *at != '\0';) {
        size_t length = strcspn(at, " ");

        if (length == bytes && strncasecmp(at, word, bytes) == 0)
            return true;
        at += length;
        at += *at == ' ';
    }
    return false;
}

/* --- Bytes ------------------------------------------------------------------------ */

static bool
has_at(const struct attachment_look *look, size_t at, const char *bytes, size_t count)
{
    return look->head_bytes >= at + count && memcmp(look->head + at, bytes, count) == 0;
}
#define HAS(at, literal) has_at(look, at, literal, sizeof literal - 1)

/*
 * A ZIP archive whose first member is one that office documents begin with, or
 * lies in the folder that only this kind of document has.
 */
static bool
is_office(const struct attachment_look *look, const char *folder)
{
    static const char *const common[] = { "[Content_Types].xml", "_rels/", "docProps/",
                                          "customXml/" };
    const size_t name_at = 30; /* of a local file header */

    if (!HAS(0, "PK\x03\x04"))
        return false;
    if (has_at(look, name_at, folder, strlen(folder)))
        return true;
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (has_at(look, name_at, common[i], strlen(common[i])))
            return true;
    return false;
}

/* An ID3 tag, or the head of a frame of MPEG layer III. */
static bool
is_mp3(const struct attachment_look *look)
{
    if (HAS(0, "ID3"))
        return true;
    if (look->head_bytes < 4 || look->head[0] != 0xFF)
        return false;
    unsigned version = (look->head[1] >> 3) & 3, layer = (look->head[1] >> 1) & 3;

    return (look->head[1] & 0xE0) == 0xE0 && version != 1 && layer == 1 &&
           (look->head[2] & 0xF0) != 0xF0;
}

/* The brands that telephones and cameras write; a picture (heic) has others. */
static bool
is_mp4(const struct attachment_look *look)
{
    static const char brands[][5] = { "isom", "iso2", "iso4", "iso5", "iso6",
                                      "mp41", "mp42", "avc1", "M4V ", "MSNV",
                                      "3gp4", "3gp5", "3gp6" };

    if (!HAS(4, "ftyp"))
        return false;
    for (size_t i = 0; i < sizeof brands / sizeof *brands; i++)
        if (has_at(look, 8, brands[i], 4))
            return true;
    return false;
}

static bool
is_type(int type, const struct attachment_look *look)
{
    switch ((enum attachment_type)type) {
    case ATTACHMENT_TYPE_JPG:
        return HAS(0, "\xFF\xD8\xFF");
    case ATTACHMENT_TYPE_PNG:
        return HAS(0, "\x89PNG\r\n\x1A\n");
    case ATTACHMENT_TYPE_WEBP:
        return HAS(0, "RIFF") && HAS(8, "WEBP");
    case ATTACHMENT_TYPE_PDF:
        return HAS(0, "%PDF-");
    case ATTACHMENT_TYPE_DOCX:
        return is_office(look, "word/");
    case ATTACHMENT_TYPE_XLSX:
        return is_office(look, "xl/");
    case ATTACHMENT_TYPE_TXT:
        return look->head_bytes > 0 && !look->has_control; /* UTF-8 or GB18030 */
    case ATTACHMENT_TYPE_MP3:
        return is_mp3(look);
    case ATTACHMENT_TYPE_AMR:
        return HAS(0, "#!AMR\n") || HAS(0, "#!AMR-WB\n");
    case ATTACHMENT_TYPE_MP4:
        return is_mp4(look);
    case ATTACHMENT_TYPE_COUNT:
        break;
    }
    return false;
}

int
attachment_judge(const char *name, const struct attachment_look *look)
{
    const char *dot = strrchr(name, '.');

    if (dot == NULL || dot == name)
        return CHOICE_NONE;
    for (int type = 0; type < ATTACHMENT_TYPE_COUNT; type++)
        if (is_word_of(attachment_rules[type].extensions, dot + 1))
            return is_type(type, look) ? type : CHOICE_NONE;
    return CHOICE_NONE;
}
