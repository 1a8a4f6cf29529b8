/* The citizens' pages: forms without a script, what is refused told on the page. */
export const title = 'the citizens\' pages: forms, errors, languages, style';

export default async (t) => {
  let last = 0;
  const headers = () => ({ 'Content-Type': 'application/x-www-form-urlencoded', 'X-Forwarded-For': `10.8.0.${++last}` });
  const send = async (path, fields, status, more = {}) => {
    const body = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString();
    const reply = await t.client.ask(null, 'POST', path, { body, headers: { ...headers(), ...more } });
    t.holds(reply.status === status && reply.text.includes('</html>'), `${path} is ${status}`, reply);
    return reply;
  };
  const get = async (target, options) => t.client.ask(null, 'GET', target, options);
  const hidden = (text, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)[1];
  const shows = (reply, ...words) => words.forEach((word) => t.holds(reply.text.includes(word), `it says ${word}`, reply));

  for (const path of ['/public/', '/public/message', '/public/progress', '/public/rate', '/public/replies', '/public/help']) {
    const page = await get(`${path}?lang=zh`);
    t.holds(page.status === 200 && /<html lang="zh-CN">/.test(page.text) && !/ style=|\{\{|\[\[/.test(page.text), path, page);
    // One script, of ours, which the page does without.
    t.holds(!/<script/.test(page.text.replace(/<script type="module" src="\/assets\/citizen-[\w-]+\.js"><\/script>/, '')), `scripts of ${path}`, page);
    const english = await get(`${path}?lang=en`);
    t.holds(/<html lang="en">/.test(english.text) && /hreflang="zh-CN">中文</.test(english.text), `${path} in English`, english);
    await t.get(null, `${path}?lang=fr`, '400 http.query');
  }
  // What the office calls itself and its number, at once.
  await t.set('settings', { county_name: '青禾县', office_name: '政务热线中心', hotline: '0999-12345' });
  shows(await get('/public/help?lang=zh'), '青禾县政务热线中心', '0999-12345 便民服务热线', '请拨打 0999-12345');
  shows(await get('/public/?lang=en'), 'Citizen hotline 0999-12345');
  const meta = (await t.get(null, '/api/v1/public/meta')).json;
  t.holds(meta.office === '青禾县政务热线中心' && meta.hotline === '0999-12345', 'for other pages too');
  const printed = await t.create();
  const sheet = (await t.get('clerk', printed.target('print/dossier'))).json;
  t.holds(sheet.office === '青禾县政务热线中心' && sheet.hotline === '0999-12345', 'and on printed forms');

  const css = await get('/public/citizen.css');
  t.holds((await get('/public/citizen.css', { headers: { 'If-None-Match': css.headers.etag } })).status === 304, 'unchanged');

  // A wrong form comes back filled in, then goes through.
  const form = await get('/public/message?door=mailbox&lang=zh');
  const fields = { token: hidden(form.text, 'token'), channel: hidden(form.text, 'channel'), lang: 'zh', kind: 'help', content: '<b>路灯</b> & "坏了"\r\n请修', name: '周九', phone: '不知道', may_publish: '1', website: '' };
  await send('/public/message', fields, 422);
  t.clock.advance(5);
  let page = await send('/public/message', fields, 422);
  shows(page, '&lt;b&gt;路灯&lt;/b&gt; &amp; &quot;坏了&quot;\n请修', 'value="周九"', 'href="#phone"', 'id="e-phone"', '错误：', 'value="help" selected', 'id="may_publish" name="may_publish" type="checkbox" value="1" checked');
  page = await send('/public/message', { ...fields, content: '', phone: '' }, 422);
  shows(page, 'id="e-content"');
  // A phone that looks mistyped is asked about once, with all that was typed; another one anew.
  page = await send('/public/message', { ...fields, phone: '135 1111 22' }, 422);
  shows(page, '共 9 位', 'href="#phone"', 'value="135 1111 22"', 'name="phone_seen" value="135 1111 22"', 'value="周九"');
  page = await send('/public/message', { ...fields, phone: '1351111222', phone_seen: '135 1111 22' }, 422);
  shows(page, '共 10 位', 'name="phone_seen" value="1351111222"');
  page = await send('/public/message', { ...fields, phone: '135111122', phone_seen: '135111122', content: '' }, 422);
  shows(page, 'id="e-content"', 'name="phone_seen" value="135111122"');
  t.holds(!page.text.includes('id="e-phone"'), 'what was meant is not asked again', page);
  const fresh = hidden((await get('/public/message?door=web&lang=zh')).text, 'token');
  t.clock.advance(5);
  shows(await send('/public/message', { ...fields, token: fresh, channel: 'web', phone: '135111122', phone_seen: '135111122' }, 200), 'class="big"');
  const done = await send('/public/message', { ...fields, phone: '13511112222' }, 200);
  const [no, code] = [...done.text.matchAll(/class="big">([^<]+)</g)].map((found) => found[1]);
  t.holds(/^\d{8}-X\d{4}$/.test(no) && /^\d{8}$/.test(code), 'number and query code', done);
  t.holds((await send('/public/message', { ...fields, phone: '13511112222' }, 200)).text.includes(no), 'a second click is the same message');
  const ticket = await t.adopt(no);
  t.holds(ticket.view.content === '<b>路灯</b> & "坏了"\n请修' && ticket.view.may_publish, 'as it was typed');

  // Looking up, urging, rating.
  page = await send('/public/progress', { no, code, lang: 'en' }, 200);
  shows(page, '<html lang="en">', 'aria-current="step"', 'action="/public/urge"', no);
  t.holds(!/周九|13511112222/.test(page.text), 'nobody\'s name', page);
  shows(await send('/public/urge', { no, code, lang: 'zh' }, 200), '已催办');
  shows(await send('/public/urge', { no, code, lang: 'zh' }, 409), '今天已经催过');
  await send('/public/rate', { no, code, lang: 'zh', satisfaction: 'basic' }, 409);
  await ticket.does('clerk', 'dispatch', { lead_unit: 'T01' });
  await ticket.does('t01_handler', 'sign');
  await ticket.does('t01_handler', 'reply', t.reply({ reply_text: '已修 <好>。' }));
  await ticket.does('clerk', 'approve-reply');
  shows(await send('/public/progress', { no: ` ${no.toLowerCase()} `, code, lang: 'zh' }, 200), '已修 &lt;好&gt;。', 'action="/public/rate"');
  shows(await send('/public/rate', { no, code, lang: 'zh', satisfaction: 'unsatisfied' }, 422), 'id="e-comment"', 'value="unsatisfied" required checked');
  shows(await send('/public/rate', { no, code, lang: 'zh', satisfaction: 'satisfied', comment: '谢谢' }, 200), '谢谢您的评价');

  // Whatever is wrong is told on the page.
  for (const path of ['/public/progress', '/public/urge', '/public/rate']) {
    const more = path === '/public/rate' ? { satisfaction: 'basic' } : {};
    shows(await send(path, { no, code: 'x', lang: 'zh', ...more }, 404), '编号或查询码不对');
    await send(path, { lang: 'zh' }, 422);
  }
  for (let i = 0; i < 2; i++) await send('/public/progress', { no, code: 'x', lang: 'zh' }, 404);
  for (const path of ['/public/progress', '/public/urge', '/public/rate'])
    shows(await send(path, { no, code, lang: 'zh', ...(path === '/public/rate' && { satisfaction: 'basic' }) }, 429), '次数过多');
  for (const path of ['/public/message', '/public/progress', '/public/urge', '/public/rate']) {
    for (const body of ['no=1&no=2', 'no=%00', 'no=%4', 'no', 'NO=1', 'no=1&', 'no=路', `${'a'.repeat(41)}=1`]) shows(await send(path, body, 400), '表单有误');
    await send(path, 'a=1', 403, { Origin: 'http://elsewhere.example' });
    await send(path, '{}', 415, { 'Content-Type': 'application/json' });
    await send(path, `a=${'x'.repeat(300_000)}`, 413);
    await send(path, 'nonsense=1', 422);
    await t.client.raw('POST', path, `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
  }
  for (let i = 0; i < 7; i++) {
    const one = await get('/public/message?lang=zh');
    t.clock.advance(5);
    const more = { token: hidden(one.text, 'token'), channel: 'web', lang: 'zh', content: `第 ${i} 次来信。`, phone: '13522223333' };
    page = await t.client.ask(null, 'POST', '/public/message', { body: new URLSearchParams(more).toString(), headers: headers() });
    const asked = /<label for="answer">(.)加(.)等于几/.exec(page.text);
    if (asked === null) continue;
    const numbers = '零一二三四五六七八九';
    page = await send('/public/message', { ...more, token: hidden(page.text, 'token'), answer: numbers.indexOf(asked[1]) + numbers.indexOf(asked[2]) }, i < 6 ? 200 : 429);
  }
  t.holds(page.status === 429, 'too many of one phone', page);
};
