/* What a citizen does without an account: leave a message, look it up, urge, rate. */
import { expect } from '../client.mjs';

export const title = 'the public side (群众): messages, look-up, urges, ratings, replies';

const PUBLIC = '/api/v1/public';

export default async (t) => {
  const meta = async () => (await t.get(null, `${PUBLIC}/meta`)).json;
  const post = (path, json, expected, options) => t.post(null, `${PUBLIC}/${path}`, json, expected, options);
  /* As from somebody else's telephone network: the proxy's word for the address. */
  let lastAddress = 0;
  const elsewhere = () => ({ headers: { 'X-Forwarded-For': `10.7.${lastAddress >> 8}.${++lastAddress & 255}` } });
  const draft = async (more = {}) => {
    const { form } = await meta();
    t.clock.advance(form.min_seconds + 1);
    return { token: form.token, channel: 'web', content: '村口路灯坏了三天，晚上看不见路。', name: '赵六', phone: '13700001111', ...more };
  };
  const leave = async (more, options) => (await post('messages', await draft(more), '201', options)).json;
  const look = async (key) => (await post('lookup', { no: key.no, code: key.query_code }, '200')).json;
  /* The office hands the code out. */
  const keyOf = async (ticket) => ({ no: ticket.no, code: (await staff(ticket.no)).json.query_code });
  const staff = (no) => t.get('clerk', `/api/v1/tickets/${no}`);

  // The form.
  const first = await meta();
  t.holds(first.doors.map((door) => door.channel).join() === 'web,mailbox', 'two doors');
  t.holds(first.form.question === null, 'no question at first');
  const message = await draft({ area: undefined, address: '村口', kind: 'help', may_publish: true });
  await post('messages', { ...message, token: first.form.token.replace(/.$/, (c) => (c === '0' ? '1' : '0')) }, '422 public.form_expired token');
  await post('messages', { ...message, token: `9${first.form.token}` }, '422 public.form_expired token');
  await post('messages', { ...message, token: (await meta()).form.token }, '422 public.too_quick token');
  await post('messages', { ...message, phone: '不知道' }, '422 field.phone phone');
  await post('messages', { ...message, phone: '1380000123' }, '422 field.phone_odd phone');
  await post('messages', { ...message, phone: '1380000123', phone_seen: '138000012' }, '422 field.phone_odd phone');
  await post('messages', { ...message, area: 'NOWHERE' }, '422 field.not_found area');
  const kept = (await post('messages', message, '201')).json;
  const again = (await post('messages', message, '201')).json;
  t.holds(kept.no === again.no && kept.query_code === again.query_code, 'the same form is one message');
  await post('messages', { ...message, content: '另外一件事。' }, '422 idempotency.mismatch');
  // Files of the message, by what it was answered with.
  const send = (name, body, options = {}) => t.client.ask(null, 'POST', `${PUBLIC}/attachments?name=${encodeURIComponent(name)}`, { body, ...options, headers: { 'X-Upload-Token': again.upload_token, ...options.headers } });
  const photo = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
  expect(await send('现场.jpg', photo, { key: 'photo-1' }), '201');
  expect(await send('现场.jpg', photo, { key: 'photo-1' }), '201');
  expect(await send('别的.jpg', photo, { key: 'photo-1' }), '422 idempotency.mismatch');
  expect(await send('a.jpg', '不是照片'), '422 attachment.type name');
  expect(await send('a/b.jpg', photo), '400 http.query');
  for (const token of ['', 'x', again.upload_token.replace(/.$/, (c) => (c === '0' ? '1' : '0')), `9${again.upload_token}`, again.upload_token.replace(/W\d/, 'W9'), again.upload_token.slice(0, -1), first.form.token, 'x'.repeat(200)])
    expect(await send('a.txt', '一', { headers: { 'X-Upload-Token': token === '' ? null : token } }), '403 public.upload_expired');
  for (let i = 2; i <= 5; i++) expect(await send(`${i}.txt`, `第 ${i} 件`), '201');
  expect(await send('6.txt', '第六件'), '409 attachment.too_many');
  const brought = (await t.get('clerk', `/api/v1/tickets/${kept.no}/attachments`)).json.items;
  t.holds(brought.map((one) => one.name).join() === '现场.jpg,2.txt,3.txt,4.txt,5.txt' && brought.every((one) => one.kind === 'citizen' && one.added_by === null && one.unit === null), 'five files, of the citizen');
  expect(await t.client.ask('clerk', 'POST', `/api/v1/tickets/${kept.no}/attachments?name=a.txt&kind=citizen`, { body: '群众后来送来的' }), '201');
  const late = await draft();
  t.clock.advance(7200);
  t.client.forget();
  await post('messages', late, '422 public.form_expired token');
  expect(await send('late.txt', '太晚'), '403 public.upload_expired');
  t.holds(/-W\d{4}$/.test(kept.no), 'a web message');
  t.holds(/-X\d{4}$/.test((await leave({ channel: 'mailbox', name: undefined, phone: undefined })).no), 'a letter to the county head');

  // What looks like spam waits without a clock, and does not know it.
  for (const more of [{ content: '代开发票 http://spam.example/a' }, { content: '顶顶顶顶顶顶顶顶顶顶' }, { website: 'filled in' }]) {
    const spam = await leave({ phone: undefined, ...more }, elsewhere());
    const seen = (await staff(spam.no)).json;
    t.holds(seen.suspect && seen.state_due_at === null, 'suspect, no clock');
    const shown = await look(spam);
    t.holds(spam.expected_on !== null && shown.step === 'accepted' && !JSON.stringify(shown).includes('suspect'), 'its sender is not told');
  }

  // A whole journey.
  let shown = await look(kept);
  t.holds(shown.step === 'accepted' && shown.may_urge && !shown.may_rate && shown.expected_on === kept.expected_on, 'received');
  await post('rating', { no: kept.no, code: kept.query_code, satisfaction: 'basic' }, '409 ticket.wrong_state');
  shown = (await post('urge', { no: kept.no, code: kept.query_code, note: '请快一点' }, '200')).json;
  t.noteCitizen('urge', 'received');
  t.holds(!shown.may_urge, 'once a workday');
  await post('urge', { no: kept.no, code: kept.query_code }, '409 ticket.urged_today');
  const ticket = await t.adopt(kept.no);
  t.holds(ticket.view.citizen_urge_count === 1 && ticket.view.urge_count === 0, 'counted apart');
  await ticket.does('clerk', 'dispatch', { lead_unit: 'T01', note: '内部：请抓紧' });
  shown = await look(kept);
  t.holds(shown.step === 'assigned' && shown.unit === '云河镇', 'dispatched');
  await ticket.does('t01_handler', 'sign');
  await ticket.does('t01_handler', 'extend', t.extension({ promised_on: '2026-04-24' }));
  t.holds((await look(kept)).extension === null, 'an extension nobody granted is not told');
  await ticket.does('supervisor', 'grant-extension', { note: '内部：同意' });
  shown = await look(kept);
  t.holds(shown.extension.reason_code === 'coordination' && shown.extension.interim_reply.length > 0 && shown.expected_on === '2026-04-24', 'the extension and its interim reply', undefined);
  await ticket.does('t01_handler', 'reply', t.reply({ finding: '内部：情况', reply_text: '路灯已修好。' }));
  shown = await look(kept);
  t.holds(shown.step === 'handling' && shown.reply === null, 'a reply under review is not told');
  await ticket.does('clerk', 'approve-reply', { note: '内部：可以' });
  shown = await look(kept);
  t.holds(shown.step === 'answered' && shown.reply.text === '路灯已修好。' && shown.expected_on === null && shown.may_rate, 'answered');
  t.holds(!/内部|张镇长|handler|clerk|赵六|13700001111/.test(JSON.stringify(shown)), 'never notes, staff or people');
  await post('rating', { no: kept.no, code: kept.query_code, satisfaction: 'unsatisfied' }, '422 field.missing comment');
  await post('rating', { no: kept.no, code: kept.query_code, satisfaction: 'unreachable' }, '422 field.choice satisfaction');
  shown = (await post('rating', { no: kept.no, code: kept.query_code, satisfaction: 'unsatisfied', comment: '还有一盏不亮' }, '200')).json;
  t.noteCitizen('rate', 'feedback');
  t.holds(shown.step === 'answered' && shown.rating.satisfaction === 'unsatisfied', 'the clerk\'s to-do');
  await ticket.seen();
  await ticket.fails('clerk', 'call-back', '422 field.missing comment', t.callback());
  shown = (await post('rating', { no: kept.no, code: kept.query_code, satisfaction: 'satisfied' }, '200')).json;
  t.holds(shown.step === 'closed' && shown.rating.comment === null, 'changed, which closes');
  shown = (await post('rating', { no: kept.no, code: kept.query_code, satisfaction: 'unsatisfied', comment: '又坏了' }, '200')).json;
  t.noteCitizen('rate', 'closed');
  t.holds(shown.step === 'closed', 'closed stays closed');
  const todo = async () => (await t.get('supervisor', '/api/v1/tickets?todo=unsatisfied')).json.items.map((item) => item.no);
  t.holds((await todo()).includes(kept.no), 'the supervisor\'s to-do');
  await ticket.seen();
  await ticket.does('supervisor', 'note', { text: '已电话说明' });
  t.holds(!(await todo()).includes(kept.no), 'and dealt with');
  t.at('2026-04-28 10:00');
  await post('rating', { no: kept.no, code: kept.query_code, satisfaction: 'basic' }, '409 ticket.rated');
  t.holds(!(await look(kept)).may_rate, 'no more');

  // Published, by category; nothing but the text.
  await ticket.seen();
  await ticket.does('clerk', 'publish', { public_text: '村口路灯已修好。' });
  const replies = (await t.get(null, `${PUBLIC}/replies`)).json;
  t.holds(replies.items[0].text === '村口路灯已修好。' && replies.items[0].unit === '云河镇人民政府', 'the newest first');
  t.holds((await t.get(null, `${PUBLIC}/replies?category=010101`)).json.items.length === 0, 'none of that category');
  const other = await t.ticketIn('closed', { draft: { may_publish: true, category: '010101' } });
  await other.does('clerk', 'publish', { public_text: '已处理。' });
  t.holds((await t.get(null, `${PUBLIC}/replies?category=01`)).json.items[0].text === '已处理。', 'with all below it');
  const page = (await t.get(null, `${PUBLIC}/replies?limit=1`)).json;
  t.holds(page.items.length === 1 && (await t.get(null, `${PUBLIC}/replies?limit=1&cursor=${page.next}`)).json.items[0].text === '村口路灯已修好。', 'pages');
  await t.get(null, `${PUBLIC}/replies?cursor=nonsense`, '400 http.query');

  // Every other state.
  for (const state of ['dispatched', 'handling', 'replied', 'feedback']) {
    const one = await t.ticketIn(state);
    await post('urge', await keyOf(one), '200');
    t.noteCitizen('urge', state);
  }
  const returned = await t.ticketIn('dispatched');
  await returned.does('t01_handler', 'return', { reason_code: 'ownership_unclear', basis: '权属不清', suggested_unit: 'D02' });
  shown = (await post('urge', await keyOf(returned), '200')).json;
  t.noteCitizen('urge', 'returned');
  t.holds(shown.step === 'assigned', 'a return is not told');
  const declined = await t.create();
  await declined.does('clerk', 'decline', { reason_code: 'not_government', guidance: '请向供电公司反映。', ...t.told() });
  shown = (await post('lookup', await keyOf(declined), '200')).json;
  t.holds(shown.declined && shown.step === 'closed' && shown.reply.text === '请向供电公司反映。', 'where to go');
  await post('urge', await keyOf(declined), '409 ticket.wrong_state');

  // Merged: the target's answer, without its people.
  const target = await t.ticketIn('handling', { draft: { petitioner: { name: '钱七', phone: '13600002222' } } });
  const merged = await t.create({ petitioner: { name: '孙八', phone: '13600003333' } });
  await merged.does('clerk', 'merge', { into: target.no });
  shown = (await post('lookup', await keyOf(merged), '200')).json;
  t.holds(shown.merged && shown.step === 'handling' && !shown.may_urge, 'it follows');
  await target.seen();
  await target.does('t01_handler', 'reply', t.reply({ reply_text: '钱七您好，孙八您好，两盏路灯都已修好。' }));
  await target.does('clerk', 'approve-reply');
  shown = (await post('lookup', await keyOf(merged), '200')).json;
  t.holds(shown.reply.text === '钱*您好，孙八您好，两盏路灯都已修好。', `nobody else: ${shown.reply.text}`);
  t.holds((await post('lookup', await keyOf(target), '200')).json.reply.text === '钱七您好，孙*您好，两盏路灯都已修好。', 'nor the other way round');
  await target.does('clerk', 'call-back', t.callback({ rework: true, satisfaction: 'unsatisfied', solved: false }));
  await target.does('t01_handler', 'reply', t.reply({ reply_text: '请与邻居 1 3 6-0000-2222 联系。' }));
  await target.does('clerk', 'approve-reply');
  shown = (await post('lookup', await keyOf(merged), '200')).json;
  t.holds(shown.reply !== null && shown.reply.text === null, 'a text that still names somebody is not shown');

  // Wrong number, wrong code: alike, and counted.
  const wrong = { no: kept.no, code: '00000000' === kept.query_code ? '11111111' : '00000000' };
  const essence = (reply) => [reply.status, reply.text.replace(reply.json.request_id, ''), Object.entries(reply.headers).filter(([name]) => !['date', 'x-request-id'].includes(name)).join()].join();
  const at = elsewhere();
  const one = await post('lookup', wrong, '404 public.wrong_code', at);
  const two = await post('lookup', { no: '20260101-W9999', code: wrong.code }, '404 public.wrong_code', at);
  t.holds(essence(one) === essence(two), 'a wrong number answers as a wrong code', two);
  for (const path of ['urge', 'rating'])
    await post(path, { ...wrong, ...(path === 'rating' && { satisfaction: 'basic' }) }, '404 public.wrong_code', at);
  await post('lookup', wrong, '404 public.wrong_code', at);
  await post('lookup', wrong, '404 public.wrong_code', at);
  const right = { no: kept.no, code: kept.query_code };
  await post('lookup', right, '429 public.locked', elsewhere());
  await post('urge', right, '429 public.locked', elsewhere());
  await post('rating', { ...right, satisfaction: 'basic' }, '429 public.locked', elsewhere());
  for (let i = 0; i < 5; i++) await post('lookup', { no: '20260101-W9998', code: 'x' }, '404 public.wrong_code', at);
  await post('lookup', { no: ' 20260101－ｗ9998', code: 'x' }, '429 public.locked', elsewhere());
  t.clock.advance(905);
  t.client.forget();
  t.holds((await look(kept)).step === 'closed', 'the lock ends');
  // However many come at once, five are judged.
  const race = await Promise.all(Array.from({ length: 30 }, (_, i) => t.client.ask(null, 'POST', `${PUBLIC}/lookup`, { json: { no: target.no, code: String(i) }, ...elsewhere() })));
  t.holds(race.filter((reply) => reply.status === 404).length === 5 && race.filter((reply) => reply.status === 429).length === 25, `five of thirty are judged: ${race.map((reply) => reply.status)}`);
  // Twenty an hour from an address.
  const busy = elsewhere();
  for (let i = 0; i < 20; i++) await post('lookup', { no: `20260101-W${8000 + i}`, code: 'x' }, '404 public.wrong_code', busy);
  await post('lookup', right, '429 public.locked', busy);
  t.clock.advance(3605);
  t.client.forget();
  await post('lookup', right, '200', busy);

  // Quotas: of a phone, and of an address; a question from half of it on.
  const phone = { phone: '137 0000 4444' };
  for (let i = 0; i < 3; i++) await leave(phone, elsewhere());
  const asked = await draft({ phone: '+8613700004444' });
  const question = expect(await t.client.ask(null, 'POST', `${PUBLIC}/messages`, { json: asked }), '422 public.question answer');
  const numbers = '零一二三四五六七八九';
  const answer = (text) => String([.../(.)加(.)等于几/.exec(text).slice(1)].reduce((sum, word) => sum + numbers.indexOf(word), 0));
  const told = question.json.errors[0].message;
  await post('messages', { ...asked, answer: '99' }, '422 public.question answer');
  await post('messages', { ...asked, answer: answer(told) }, '201');
  for (let i = 0; i < 2; i++) {
    const more = await draft(phone);
    const refused = (await post('messages', more, '422 public.question answer')).json.errors[0].message;
    await post('messages', { ...more, answer: answer(refused) }, '201', elsewhere());
  }
  await post('messages', await draft(phone), '429 public.quota');
  const crowd = elsewhere();
  const fromThere = async () => (await t.client.ask(null, 'GET', `${PUBLIC}/meta`, crowd)).json.form;
  for (let i = 0; i < 15; i++) await leave({ phone: undefined }, crowd);
  t.holds((await fromThere()).question !== null, 'the form asks at once');
  await post('messages', await draft({ phone: undefined }), '422 public.question answer', crowd);
  const English = await t.client.ask(null, 'GET', `${PUBLIC}/meta`, { headers: { ...crowd.headers, 'Accept-Language': 'en' } });
  t.holds(/^what is \w+ plus \w+\?$/.test(English.json.form.question), 'in English too');
};
