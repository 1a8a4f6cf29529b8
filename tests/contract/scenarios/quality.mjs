/* What is found in a reply before it is sent, and that it goes out with a reason only. */
export const title = 'reply quality (答复质量)';

const GOOD = '您好！您反映的槐花巷东口路灯不亮一事，我单位已于三月九日派员到现场检修，更换灯头两只、灯泡三只，当晚照明恢复正常，感谢您的监督。';

export default async (t) => {
  const check = async (actor, ticket, more) =>
    (await t.post(actor, '/api/v1/tickets/check-reply', { no: ticket.no, reply_text: GOOD, ...more })).json.findings;
  const finds = async (actor, ticket, more, ...codes) => {
    const findings = await check(actor, ticket, more);
    t.holds(findings.map((one) => one.code).join() === codes.join(), `found ${JSON.stringify(findings)}, not ${codes}`);
    return findings;
  };
  const draft = { title: '槐花巷路灯', content: '槐花巷东口路灯不亮。', demand: '修好路灯' };
  const ticket = await t.ticketIn('handling', { draft });
  const photo = { measures: '已更换，现场拍照留存。', outcome: 'solved' };

  await finds('t01_handler', ticket, photo);
  const all = await finds('t01_head', ticket, { reply_text: '研究研究再说，电话13800001234', outcome: 'solved', measures: '已办。' },
    'too_short', 'evasive', 'personal_data', 'demand_unmentioned', 'no_evidence');
  const [short, evasive, personal, demand, evidence] = all.map((one) => one.evidence);
  t.holds(short.characters === 20 && short.at_least === 50 && evasive.phrase === '研究研究' && personal.personal === '电话 phone' && demand.demand === '修好路灯'
    && JSON.stringify(evidence) === '{}', `what shows it: ${JSON.stringify(all)}`);
  t.holds(all.map((one) => one.field).join() === 'reply_text,reply_text,reply_text,reply_text,measures' && all[2].severity === 'strong' && all[0].severity === 'weak', 'where it stands');
  await finds('t01_handler', ticket, { outcome: 'explained' }, 'no_basis');
  await finds('t01_handler', ticket, { outcome: 'explained', basis: '照明设施管理办法' });
  await finds('t01_handler', ticket, { outcome: 'solved' }, 'no_evidence');
  const file = await t.client.ask('t01_handler', 'POST', `${ticket.target('attachments')}?name=a.txt&kind=reply`, { body: '现场' });
  t.holds(file.status === 201, 'evidence is attached', file);
  await finds('t01_handler', ticket, { outcome: 'solved' });

  /* The thresholds are the office's. */
  await t.set('settings', { reply_characters_min: 100 });
  await finds('t01_handler', ticket, photo, 'too_short');
  await t.set('settings', { reply_characters_min: 50 });

  /* Whose ticket it is not, and who answers none. */
  await t.post('d03_handler', '/api/v1/tickets/check-reply', { no: ticket.no, reply_text: GOOD }, '404 not_found');
  await t.post('t01_handler', '/api/v1/tickets/check-reply', { no: '20260101-R9998', reply_text: GOOD }, '404 not_found');
  for (const actor of ['clerk', 'supervisor', 'leader', 'admin']) await t.post(actor, '/api/v1/tickets/check-reply', { no: ticket.no, reply_text: GOOD }, '403 forbidden');

  /* The same is found when it is sent. */
  const bad = { ...t.reply({ override_reason: undefined, outcome: 'solved', measures: '已办。', reply_text: '研究研究再说，电话13800001234' }) };
  const other = await t.ticketIn('handling', { draft });
  const refused = await other.fails('t01_handler', 'reply', '422 reply.quality', bad);
  t.holds(refused.json.errors.map((one) => `${one.field} ${one.code}`).join() ===
    'reply_text reply.too_short,reply_text reply.evasive,reply_text reply.personal_data,reply_text reply.demand_unmentioned,measures reply.no_evidence', 'each field is named', refused);
  t.holds(!refused.text.includes('13800001234'), 'without the number', refused);
  await other.fails('t01_handler', 'reply', '422 reply.quality', { ...bad, reply_text: GOOD, outcome: 'explained' });
  await ticket.does('t01_handler', 'reply', t.reply({ ...photo, override_reason: undefined, reply_text: GOOD }));
  t.holds(ticket.view.reply.quality_findings.length === 0 && ticket.view.reply.override_reason === null, 'a good one needs no reason');

  /* A near copy of what one may see, with its number; nobody tries out what others answered. */
  const copied = GOOD.replace('三月九日', '三月十日');
  const [copy] = await finds('t01_handler', other, { reply_text: copied, ...photo }, 'near_copy');
  t.holds(copy.evidence.ticket === ticket.no && copy.evidence.percent >= 90 && copy.evidence.percent < 100, `what it is a copy of: ${JSON.stringify(copy)}`);
  const foreign = await t.ticketIn('handling', { draft, unit: 'D03' });
  await finds('d03_handler', foreign, { reply_text: copied, ...photo });
  await finds('d03_handler', foreign, { reply_text: GOOD, ...photo });
  await foreign.does('d03_handler', 'reply', t.reply({ ...photo, override_reason: undefined, reply_text: copied }));
  t.holds(foreign.view.reply.quality_findings.length === 0, 'nor by sending it');
  const unsaid = await other.fails('t01_handler', 'reply', '422 reply.quality', t.reply({ ...photo, override_reason: undefined, reply_text: copied }));
  t.holds(unsaid.json.errors[0].code === 'reply.near_copy' && unsaid.text.includes(ticket.no), 'the same when it is sent', unsaid);
  await other.does('t01_handler', 'reply', t.reply({ ...photo, override_reason: '两处为同一批检修。', reply_text: copied }));
  t.holds(other.view.reply.copy_of === null && other.view.reply.override_reason === '两处为同一批检修。', 'what its unit sees');
  const reviewed = (await t.get('clerk', other.target())).json.reply;
  t.holds(reviewed.quality_findings.join() === 'near_copy' && reviewed.copy_of === ticket.no && reviewed.override_reason === '两处为同一批检修。', `what the reviewer sees: ${JSON.stringify(reviewed)}`);
  const printed = (await t.get('clerk', other.target('print/dossier'))).json.ticket.reply;
  t.holds(printed.quality_findings.join() === 'near_copy' && printed.copy_of === ticket.no, 'and what is printed');

  /* A proposal is looked through as well. */
  const before = await t.ticketIn('handling', { draft, unit: 'D01' });
  await before.does('d01_handler', 'propose-reply', t.reply({ ...photo, override_reason: undefined, reply_text: GOOD }));
  const online = await t.ticketIn('handling', { unit: 'D01' });
  for (const [field, code, more] of [
    ['reply_text', 'reply.too_short', { reply_text: '已办妥。' }],
    ['reply_text', 'reply.evasive', { reply_text: `${'已办妥，'.repeat(20)}研究研究再说。` }],
    ['reply_text', 'reply.near_copy', { reply_text: GOOD }],
    ['reply_text', 'reply.personal_data', { reply_text: `${'已办妥，'.repeat(20)}13800001234` }],
    ['basis', 'reply.no_basis', { reply_text: '已办妥，'.repeat(20), outcome: 'explained' }],
    ['measures', 'reply.no_evidence', { reply_text: '已办妥，'.repeat(20), measures: '已办。' }],
  ]) {
    const shown = await online.fails('d01_handler', 'propose-reply', '422 reply.quality', t.reply({ ...photo, override_reason: undefined, ...more }));
    t.holds(shown.json.errors.map((one) => `${one.field} ${one.code}`).join() === `${field} ${code}`, `a proposal has ${code}`, shown);
  }
  await online.does('clerk', 'amend', { changes: { demand: '疏通下水管' }, reason: '补充诉求' });
  await online.fails('d01_handler', 'propose-reply', '422 reply.quality', t.reply({ ...photo, override_reason: undefined, reply_text: '已办妥，'.repeat(20) }));
  await online.does('d01_handler', 'propose-reply', t.reply({ ...photo, reply_text: '已办妥，'.repeat(20) }));
  t.holds(online.view.reply.quality_findings.join() === 'demand_unmentioned', 'the head sees what was found');
};
