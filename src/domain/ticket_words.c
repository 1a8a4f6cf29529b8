/*
 * ticket_words.c - the vocabularies as data; see the lists in the header.
 */
#include "domain/ticket_words.h"

#define X(NAME, word_, zh_, en_) { .word = word_, .zh = zh_, .en = en_ },
#define CHOICES(variable, key, LIST)                                                     \
    static const struct choice variable##_items[] = { LIST(X) };                         \
    const struct choices variable = {                                                    \
        key, variable##_items, sizeof variable##_items / sizeof *variable##_items        \
    }

CHOICES(words_state, "state", TICKET_STATES);
CHOICES(words_action, "action", TICKET_ACTIONS);
CHOICES(words_role, "role", ROLES);
CHOICES(words_relation, "relation", RELATIONS);
CHOICES(words_kind, "kind", TICKET_KINDS);
CHOICES(words_urgency, "urgency", URGENCIES);
CHOICES(words_light, "light", LIGHTS);
CHOICES(words_outcome, "outcome", OUTCOMES);
CHOICES(words_satisfaction, "satisfaction", SATISFACTIONS);
CHOICES(words_petitioner_kind, "petitioner_kind", PETITIONER_KINDS);
CHOICES(words_way, "way", WAYS);
CHOICES(words_decline_reason, "decline_reason", DECLINE_REASONS);
CHOICES(words_return_reason, "return_reason", RETURN_REASONS);
CHOICES(words_extend_reason, "extend_reason", EXTEND_REASONS);
CHOICES(words_supervise_reason, "supervise_reason", SUPERVISE_REASONS);
CHOICES(words_exclude_class, "exclude_class", EXCLUDE_CLASSES);
CHOICES(words_reject_reason, "reject_reason", REJECT_REASONS);
CHOICES(words_quality_finding, "quality_finding", QUALITY_FINDINGS);
CHOICES(words_suggest_reason, "suggest_reason", SUGGEST_REASONS);
CHOICES(words_unit_kind, "unit_kind", UNIT_KINDS);
CHOICES(words_sign_off, "sign_off", SIGN_OFFS);
CHOICES(words_urge_kind, "urge_kind", URGE_KINDS);
CHOICES(words_phrase_kind, "phrase_kind", PHRASE_KINDS);
CHOICES(words_template_kind, "template_kind", TEMPLATE_KINDS);
CHOICES(words_attachment_kind, "attachment_kind", ATTACHMENT_KINDS);
CHOICES(words_attachment_type, "attachment_type", ATTACHMENT_TYPES);
CHOICES(words_scope, "scope", SCOPES);
#undef X

const struct choices *const words_all[] = {
    &words_state,
    &words_action,
    &words_role,
    &words_relation,
    &words_kind,
    &words_urgency,
    &words_light,
    &words_outcome,
    &words_satisfaction,
    &words_petitioner_kind,
    &words_way,
    &words_decline_reason,
    &words_return_reason,
    &words_extend_reason,
    &words_supervise_reason,
    &words_exclude_class,
    &words_reject_reason,
    &words_quality_finding,
    &words_suggest_reason,
    &words_unit_kind,
    &words_sign_off,
    &words_urge_kind,
    &words_phrase_kind,
    &words_template_kind,
    &words_attachment_kind,
    &words_attachment_type,
    &words_scope,
};
const size_t words_all_count = sizeof words_all / sizeof *words_all;
