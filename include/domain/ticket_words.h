#ifndef YIDAN_DOMAIN_TICKET_WORDS_H
#define YIDAN_DOMAIN_TICKET_WORDS_H

#include "base/json.h"

/*
 * ticket_words.h - the closed vocabularies of a ticket: states, actions, roles
 * and every enumeration.  One list each; the wire word, both labels and the C
 * name come from it, and SQL uses the wire word too.
 *
 * Layer    domain.
 * Source   product.md, sections 1 to 7.
 */

/* X(NAME, "word", "zh", "en") */
#define TICKET_STATES(X)                                                                 \
    X(RECEIVED, "received", "已接收 待交办", "received")                                 \
    X(DISPATCHED, "dispatched", "已交办 待签收", "dispatched")                           \
    X(HANDLING, "handling", "办理中", "handling")                                        \
    X(RETURNED, "returned", "退单待审", "returned")                                      \
    X(REPLIED, "replied", "已回复 待审核", "replied")                                    \
    X(FEEDBACK, "feedback", "待回访", "feedback")                                        \
    X(CLOSED, "closed", "已办结", "closed")                                              \
    X(DECLINED, "declined", "不予受理", "declined")                                      \
    X(MERGED, "merged", "已并单", "merged")

#define TICKET_ACTIONS(X)                                                                \
    X(AMEND, "amend", "补正", "amend")                                                   \
    X(ANSWER, "answer", "直接答复", "answer directly")                                   \
    X(DECLINE, "decline", "不予受理", "decline")                                         \
    X(MERGE, "merge", "并单", "merge")                                                   \
    X(UNMERGE, "unmerge", "撤销并单", "undo the merge")                                  \
    X(DISPATCH, "dispatch", "交办", "dispatch")                                          \
    X(RECALL, "recall", "撤回改派", "recall")                                            \
    X(SUBMIT, "submit", "呈批", "submit to a leader")                                    \
    X(INSTRUCT, "instruct", "批示", "instruct")                                          \
    X(SIGN, "sign", "签收", "sign for")                                                  \
    X(RETURN, "return", "退单", "return")                                                \
    X(ACCEPT_RETURN, "accept_return", "同意退单", "accept the return")                   \
    X(REFUSE_RETURN, "refuse_return", "不同意退单", "refuse the return")                 \
    X(CONTACT, "contact", "联系群众", "contact the citizen")                             \
    X(PROGRESS, "progress", "办理进展", "progress")                                      \
    X(CO_REPLY, "co_reply", "协办意见", "co-unit's opinion")                             \
    X(PROPOSE_REPLY, "propose_reply", "呈签", "propose a reply")                         \
    X(HAND_BACK, "hand_back", "退回修改", "hand the draft back")                         \
    X(EXTEND, "extend", "申请延期", "ask for an extension")                              \
    X(GRANT_EXTENSION, "grant_extension", "同意延期", "grant the extension")             \
    X(REFUSE_EXTENSION, "refuse_extension", "不同意延期", "refuse the extension")        \
    X(REPLY, "reply", "回复", "reply")                                                   \
    X(APPROVE_REPLY, "approve_reply", "审核通过", "approve the reply")                   \
    X(REJECT_REPLY, "reject_reply", "退回重办", "reject the reply")                      \
    X(CALL_BACK, "call_back", "回访", "call back")                                       \
    X(EXCLUDE, "exclude", "不计考核", "exclude from assessment")                         \
    X(REOPEN, "reopen", "重新办理", "reopen")                                            \
    X(URGE, "urge", "催办", "urge")                                                      \
    X(SUPERVISE, "supervise", "督办", "supervise")                                       \
    X(ANSWER_SUPERVISION, "answer_supervision", "督办答复", "answer the supervision")    \
    X(SETTLE_SUPERVISION, "settle_supervision", "督办办结", "settle the supervision")    \
    X(NOTE, "note", "内部备注", "internal note")                                         \
    X(PUBLISH, "publish", "公开答复", "publish")                                         \
    X(UNPUBLISH, "unpublish", "撤回公开", "unpublish")                                   \
    X(KEEP_PROMISE, "keep_promise", "承诺兑现", "keep the promise")                      \
    X(RATE, "rate", "评价", "rate")

/* Roles are bits in user.roles. */
#define ROLES(X)                                                                         \
    X(CLERK, "clerk", "受理员", "clerk")                                                 \
    X(HANDLER, "handler", "经办人", "handler")                                           \
    X(UNIT_HEAD, "unit_head", "单位负责人", "unit head")                                 \
    X(SUPERVISOR, "supervisor", "督查员", "supervisor")                                  \
    X(LEADER, "leader", "县领导", "county leader")                                       \
    X(ADMIN, "admin", "管理员", "administrator")                                         \
    X(AUDITOR, "auditor", "审计员", "auditor")

/* What an API token may be for: bits in token.scopes. */
#define SCOPES(X)                                                                        \
    X(INTAKE, "intake", "接收工单", "receive tickets")                                   \
    X(IMPORT, "import", "导入台账", "import a ledger")                                   \
    X(SWITCHBOARD, "switchboard", "话务系统", "switchboard")                             \
    X(SMS, "sms", "短信网关", "SMS gateway")                                             \
    X(UPSTREAM, "upstream", "上级平台", "upstream platform")

#define RELATIONS(X)                                                                     \
    X(NONE, "none", "无关", "none")                                                      \
    X(LEAD, "lead", "主办", "lead")                                                      \
    X(CO, "co", "协办", "co-unit")

#define TICKET_KINDS(X)                                                                  \
    X(CONSULT, "consult", "咨询", "question")                                            \
    X(HELP, "help", "求助", "help")                                                      \
    X(COMPLAINT, "complaint", "投诉", "complaint")                                       \
    X(REPORT, "report", "举报", "report of wrongdoing")                                  \
    X(SUGGEST, "suggest", "建议", "suggestion")                                          \
    X(PRAISE, "praise", "表扬", "praise")                                                \
    X(OTHER, "other", "其他", "other")

#define URGENCIES(X)                                                                     \
    X(NORMAL, "normal", "一般", "normal")                                                \
    X(URGENT, "urgent", "紧急", "urgent")                                                \
    X(CRITICAL, "critical", "重大", "critical")

#define LIGHTS(X)                                                                        \
    X(NONE, "none", "无", "none")                                                        \
    X(GREEN, "green", "正常", "green")                                                   \
    X(YELLOW, "yellow", "临期", "yellow")                                                \
    X(RED, "red", "逾期", "red")

#define OUTCOMES(X)                                                                      \
    X(SOLVED, "solved", "已解决", "solved")                                              \
    X(PARTLY, "partly", "部分解决", "partly solved")                                     \
    X(PROMISED, "promised", "承诺限期", "promised by a date")                            \
    X(EXPLAINED, "explained", "已解释(不符合政策)", "explained (against policy)")        \
    X(ANSWERED, "answered", "已答复", "answered")                                        \
    X(UNTRUE, "untrue", "不属实", "untrue")                                              \
    X(NO_AUTHORITY, "no_authority", "非本级职权", "not within this level's power")       \
    X(WITHDRAWN, "withdrawn", "撤回", "withdrawn")

#define SATISFACTIONS(X)                                                                 \
    X(SATISFIED, "satisfied", "满意", "satisfied")                                       \
    X(BASIC, "basic", "基本满意", "basically satisfied")                                 \
    X(UNSATISFIED, "unsatisfied", "不满意", "unsatisfied")                               \
    X(NO_OPINION, "no_opinion", "未评价", "no opinion")                                  \
    X(UNREACHABLE, "unreachable", "无法联系", "unreachable")

#define PETITIONER_KINDS(X)                                                              \
    X(PERSON, "person", "个人", "person")                                                \
    X(COMPANY, "company", "企业", "company")                                             \
    X(ORG, "org", "组织", "organisation")

#define WAYS(X)                                                                          \
    X(PHONE, "phone", "电话", "phone")                                                   \
    X(VISIT, "visit", "上门", "visit")                                                   \
    X(SMS, "sms", "短信", "SMS")                                                         \
    X(ONLINE, "online", "网上", "online")                                                \
    X(LETTER, "letter", "书面", "in writing")

#define DECLINE_REASONS(X)                                                               \
    X(COURT, "court_or_arbitration", "已进入诉讼或仲裁", "in court or arbitration")      \
    X(DISCIPLINE, "discipline_inspection", "属纪检监察", "discipline inspection")        \
    X(PETITION, "petition_in_progress", "信访办理中", "petition in progress")            \
    X(DISCLOSURE, "disclosure_request", "政府信息公开申请", "disclosure request")        \
    X(NOT_GOVERNMENT, "not_government", "非政府职责", "not a government matter")         \
    X(SECRET, "secret", "涉密", "secret")                                                \
    X(UNCLEAR, "unclear_after_contact", "联系后仍不清楚", "unclear after contact")       \
    X(ABUSIVE, "abusive", "辱骂骚扰", "abusive")                                         \
    X(SPAM, "spam", "垃圾信息", "spam")

#define RETURN_REASONS(X)                                                                \
    X(NOT_OUR_DUTY, "not_our_duty", "非本单位职责", "not our duty")                      \
    X(WRONG_AREA, "wrong_area", "不属本辖区", "wrong area")                              \
    X(OWNERSHIP_UNCLEAR, "ownership_unclear", "权属不清", "ownership unclear")           \
    X(DUPLICATE, "duplicate", "重复件", "duplicate")                                     \
    X(CONTENT_UNCLEAR, "content_unclear", "内容不清", "content unclear")                 \
    X(ALREADY_SETTLED, "already_settled", "已办结", "already settled")

#define EXTEND_REASONS(X)                                                                \
    X(INVESTIGATION, "investigation", "需调查取证", "investigation")                     \
    X(COORDINATION, "coordination", "需多方协调", "coordination")                        \
    X(FUNDING, "funding_or_project", "涉及资金或工程", "funding or project")             \
    X(SEASON, "season_or_weather", "季节或天气", "season or weather")                    \
    X(THIRD_PARTY, "third_party", "等待第三方", "third party")                           \
    X(OTHER, "other", "其他", "other")

#define SUPERVISE_REASONS(X)                                                             \
    X(OVERDUE, "overdue", "逾期", "overdue")                                             \
    X(LEADER_CONCERN, "leader_concern", "领导关注", "a leader's concern")                \
    X(PUBLIC_CONCERN, "public_concern", "群众关注", "public concern")                    \
    X(UNSATISFIED, "unsatisfied", "群众不满意", "unsatisfied citizen")                   \
    X(REPEATED, "repeated", "重复诉求", "repeated")                                      \
    X(MEDIA, "media", "媒体关注", "media")

#define EXCLUDE_CLASSES(X)                                                               \
    X(BEYOND_JURISDICTION, "beyond_jurisdiction", "超出管辖", "beyond jurisdiction")     \
    X(LEGAL_PROCEDURE, "legal_procedure", "应走法律程序", "legal procedure")             \
    X(AGAINST_POLICY, "against_policy", "不符合政策", "against policy")                  \
    X(SECRET_OR_PRIVACY, "secret_or_privacy", "涉密或隐私", "secret or privacy")         \
    X(UNTRUE, "untrue", "不属实", "untrue")                                              \
    X(CLEARLY_UNREASONABLE, "clearly_unreasonable", "明显不合理",                        \
      "clearly unreasonable")                                                            \
    X(SETTLED_BY_HEARING, "settled_by_hearing", "听证终结", "settled by hearing")        \
    X(ABUSE, "abuse", "恶意滥用", "abuse")

#define REJECT_REASONS(X)                                                                \
    X(NOT_CONTACTED, "not_contacted", "未联系群众", "citizen not contacted")             \
    X(OFF_TOPIC, "off_topic", "答非所问", "off topic")                                   \
    X(BOILERPLATE, "boilerplate", "套话", "boilerplate")                                 \
    X(FACTS_UNCLEAR, "facts_unclear", "事实不清", "facts unclear")                       \
    X(NO_EVIDENCE, "no_evidence", "缺少佐证", "no evidence")                             \
    X(IMPROPER_WORDING, "improper_wording", "用语不当", "improper wording")              \
    X(OVERPROMISE, "overpromise", "过度承诺", "overpromise")                             \
    X(INCOMPLETE, "incomplete", "不完整", "incomplete")                                  \
    X(LEAKS_PERSONAL_DATA, "leaks_personal_data", "泄露个人信息", "leaks personal data")

/* What a reader of a reply will stumble over (domain/quality.h). */
#define QUALITY_FINDINGS(X)                                                              \
    X(TOO_SHORT, "too_short", "答复过短", "too short")                                   \
    X(EVASIVE, "evasive", "空话套话", "evasive phrase")                                  \
    X(NEAR_COPY, "near_copy", "与其他答复雷同", "near copy of another reply")            \
    X(PERSONAL_DATA, "personal_data", "含个人信息", "personal data")                     \
    X(NO_BASIS, "no_basis", "未写政策依据", "no basis given")                            \
    X(DEMAND_UNMENTIONED, "demand_unmentioned", "未回应诉求", "demand not mentioned")    \
    X(NO_EVIDENCE, "no_evidence", "缺少佐证", "no evidence")

/* Why a unit is proposed (domain/suggest.h). */
#define SUGGEST_REASONS(X)                                                               \
    X(CATEGORY, "category", "类别归口", "its category")                                  \
    X(SIMILAR, "similar", "同类工单", "similar tickets")                                 \
    X(DUTY, "duty", "职责关键词", "words of its duties")                                 \
    X(AREA, "area", "属地", "its area")

#define UNIT_KINDS(X)                                                                    \
    X(OFFICE, "office", "政府办", "office")                                              \
    X(TOWNSHIP, "township", "乡镇", "township")                                          \
    X(DEPARTMENT, "department", "县直部门", "department")                                \
    X(STATIONED, "stationed", "驻县单位", "stationed unit")                              \
    X(ENTERPRISE, "enterprise", "企业", "enterprise")

#define SIGN_OFFS(X)                                                                     \
    X(RECORDED, "recorded", "线下签批登记", "recorded")                                  \
    X(ONLINE, "online", "线上签批", "online")

#define URGE_KINDS(X)                                                                    \
    X(AUTO_BEFORE, "auto_before", "临期自动催办", "automatic, before the deadline")      \
    X(AUTO_OVERDUE, "auto_overdue", "逾期自动催办", "automatic, overdue")                \
    X(MANUAL, "manual", "人工催办", "manual")                                            \
    X(CITIZEN, "citizen", "群众催办", "by the citizen")                                  \
    X(NOTICE, "notice", "催办通知书", "numbered notice")

/* Phrases the office keeps: what each list is for. */
#define PHRASE_KINDS(X)                                                                  \
    X(EVASIVE, "evasive", "空话套话", "evasive in a reply")                              \
    X(QUICK, "quick", "批示常用语", "for instructions")                                  \
    X(SENSITIVE, "sensitive", "敏感词", "suggests sensitive or critical")                \
    X(SPAM, "spam", "垃圾词", "marks a public message as suspect")

/* Templates of texts: which form offers them. */
#define TEMPLATE_KINDS(X)                                                                \
    X(REPLY, "reply", "答复", "reply")                                                   \
    X(INTERIM, "interim_reply", "阶段性答复", "interim reply")                           \
    X(GUIDANCE, "guidance", "不予受理指引", "guidance when declined")                    \
    X(DISPATCH, "dispatch", "交办意见", "dispatch note")                                 \
    X(URGE, "urge", "催办", "urge")                                                      \
    X(SUPERVISE, "supervise", "督办要求", "supervision demand")                          \
    X(CALLBACK, "callback", "回访用语", "callback")

/* What an attached file is: of the citizen, of the unit's handling, or for staff alone. */
#define ATTACHMENT_KINDS(X)                                                              \
    X(CITIZEN, "citizen", "群众材料", "from the citizen")                                \
    X(REPLY, "reply", "办理佐证", "evidence of the handling")                            \
    X(INTERNAL, "internal", "内部材料", "internal")

#define ATTACHMENT_TYPES(X)                                                              \
    X(JPG, "jpg", "JPEG 图片", "JPEG picture")                                           \
    X(PNG, "png", "PNG 图片", "PNG picture")                                             \
    X(WEBP, "webp", "WebP 图片", "WebP picture")                                         \
    X(PDF, "pdf", "PDF 文档", "PDF document")                                            \
    X(DOCX, "docx", "Word 文档", "Word document")                                        \
    X(XLSX, "xlsx", "Excel 表格", "Excel workbook")                                      \
    X(TXT, "txt", "文本文件", "plain text")                                              \
    X(MP3, "mp3", "MP3 录音", "MP3 recording")                                           \
    X(AMR, "amr", "AMR 录音", "AMR recording")                                           \
    X(MP4, "mp4", "MP4 视频", "MP4 video")

#define X(NAME, word, zh, en) TICKET_##NAME,
enum ticket_state { TICKET_STATES(X) TICKET_STATE_COUNT };
#undef X
#define X(NAME, word, zh, en) ACT_##NAME,
enum ticket_action { TICKET_ACTIONS(X) TICKET_ACTION_COUNT };
#undef X
#define X(NAME, word, zh, en) ROLE_##NAME,
enum role { ROLES(X) ROLE_COUNT };
#undef X
#define X(NAME, word, zh, en) SCOPE_##NAME,
enum scope { SCOPES(X) SCOPE_COUNT };
#undef X
#define X(NAME, word, zh, en) RELATION_##NAME,
enum relation { RELATIONS(X) RELATION_COUNT };
#undef X
#define X(NAME, word, zh, en) KIND_##NAME,
enum ticket_kind { TICKET_KINDS(X) KIND_COUNT };
#undef X
#define X(NAME, word, zh, en) URGENCY_##NAME,
enum urgency { URGENCIES(X) URGENCY_COUNT };
#undef X
#define X(NAME, word, zh, en) LIGHT_##NAME,
enum light { LIGHTS(X) LIGHT_COUNT };
#undef X
#define X(NAME, word, zh, en) OUTCOME_##NAME,
enum outcome { OUTCOMES(X) OUTCOME_COUNT };
#undef X
#define X(NAME, word, zh, en) SATISFACTION_##NAME,
enum satisfaction { SATISFACTIONS(X) SATISFACTION_COUNT };
#undef X
#define X(NAME, word, zh, en) PETITIONER_##NAME,
enum petitioner_kind { PETITIONER_KINDS(X) PETITIONER_KIND_COUNT };
#undef X
#define X(NAME, word, zh, en) WAY_##NAME,
enum way { WAYS(X) WAY_COUNT };
#undef X
#define X(NAME, word, zh, en) UNIT_##NAME,
enum unit_kind { UNIT_KINDS(X) UNIT_KIND_COUNT };
#undef X
#define X(NAME, word, zh, en) SIGN_OFF_##NAME,
enum sign_off { SIGN_OFFS(X) SIGN_OFF_COUNT };
#undef X
#define X(NAME, word, zh, en) URGE_##NAME,
enum urge_kind { URGE_KINDS(X) URGE_KIND_COUNT };
#undef X
#define X(NAME, word, zh, en) PHRASE_##NAME,
enum phrase_kind { PHRASE_KINDS(X) PHRASE_KIND_COUNT };
#undef X
#define X(NAME, word, zh, en) TEMPLATE_##NAME,
enum template_kind { TEMPLATE_KINDS(X) TEMPLATE_KIND_COUNT };
#undef X
#define X(NAME, word, zh, en) QUALITY_##NAME,
enum quality_finding { QUALITY_FINDINGS(X) QUALITY_FINDING_COUNT };
#undef X
#define X(NAME, word, zh, en) SUGGEST_##NAME,
enum suggest_why { SUGGEST_REASONS(X) SUGGEST_WHY_COUNT };
#undef X
#define X(NAME, word, zh, en) DECLINE_##NAME,
enum decline_reason { DECLINE_REASONS(X) DECLINE_REASON_COUNT };
#undef X
#define X(NAME, word, zh, en) SUPERVISE_##NAME,
enum supervise_reason { SUPERVISE_REASONS(X) SUPERVISE_REASON_COUNT };
#undef X
#define X(NAME, word, zh, en) ATTACHMENT_##NAME,
enum attachment_kind { ATTACHMENT_KINDS(X) ATTACHMENT_KIND_COUNT };
#undef X
#define X(NAME, word, zh, en) ATTACHMENT_TYPE_##NAME,
enum attachment_type { ATTACHMENT_TYPES(X) ATTACHMENT_TYPE_COUNT };
#undef X

/* No value of an optional enumeration. */
#define CHOICE_NONE (-1)

extern const struct choices words_state, words_action, words_role, words_relation,
    words_kind, words_urgency, words_light, words_outcome, words_satisfaction,
    words_petitioner_kind, words_way, words_decline_reason, words_return_reason,
    words_extend_reason, words_supervise_reason, words_exclude_class, words_reject_reason,
    words_quality_finding, words_suggest_reason, words_unit_kind, words_sign_off,
    words_urge_kind, words_phrase_kind, words_template_kind, words_attachment_kind,
    words_attachment_type, words_scope;

/* All of them, for /meta and the tests. */
extern const struct choices *const words_all[];
extern const size_t words_all_count;

#endif
