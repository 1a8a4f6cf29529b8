// The printed forms, as the real browser puts them on paper: so many pages, this text, nothing cut.
import { expect, test } from 'vitest';
import { hardCase } from './hardcase';
import { useStage, type Person } from './harness';
import { paper } from './paper';

const stage = useStage();
interface Ticket {
  no: string;
  version: number;
  title: string;
  lead_unit: { short_name: string } | null;
}
async function first(person: Person, query: string): Promise<Ticket> {
  const { items } = await person.api<{ items: Ticket[] }>('GET', `/tickets?limit=1&${query}`);
  if (items[0] === undefined) throw new Error(`no ticket for ${query}`);
  return items[0];
}

test('the assignment sheet is one page of A4, masked', async () => {
  const clerk = await stage.person('clerk1');
  const ticket = await first(clerk, 'state=handling');
  await clerk.open(`/print/assign/${ticket.no}`);
  const { pages, size, text } = await paper(clerk);
  expect(pages).toBe(1);
  expect(size).toBe('A4');
  for (const part of ['承办单', ticket.no, ticket.title.replace(/\s/g, ''), '主办单位', '签收时间'])
    expect(text).toContain(part);
  expect(text).not.toMatch(/1\d{10}/);
  expect(text).not.toContain('返回工单');
});

test('in clear only for a reason, with the name of who printed it', async () => {
  const clerk = await stage.person('clerk1');
  const { no, version } = await clerk.api<Ticket>('POST', '/tickets', {
    channel: 'phone',
    title: '打印完整信息的工单',
    content: '小区门口路灯不亮，请尽快处理。',
    petitioner: { name: '测试群众', phone: '13900001234' },
  });
  await clerk.api('POST', `/tickets/${no}/dispatch`, { version, lead_unit: 'D11' });
  const page = await clerk.open(`/print/assign/${no}`);
  await page.getByRole('button', { name: '显示完整姓名电话' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '显示完整姓名电话' }).click();
  await page.getByRole('dialog').locator('.field-error').waitFor(); // no reason, no name
  await page.getByLabel('查看理由').fill('交承办单位上门核实');
  await page.getByRole('dialog').getByRole('button', { name: '显示完整姓名电话' }).click();
  await page.getByText('13900001234').waitFor();
  const { pages, text } = await paper(clerk);
  expect(pages).toBe(1);
  expect(text).toContain('13900001234');
  expect(text).toContain('受理员甲');
  const views = await clerk.api<{ items: { reason: string | null }[] }>(
    'GET',
    `/tickets/${no}/views`,
  );
  expect(views.items.map((one) => one.reason)).toContain('交承办单位上门核实');
});

test('the supervision order is one page, with its number and its cells', async () => {
  const supervisor = await stage.person('supervisor1');
  const ticket = await first(supervisor, 'state=handling');
  const due = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await supervisor.api('POST', `/tickets/${ticket.no}/supervise`, {
    version: ticket.version,
    reason_code: 'public_concern',
    demand: '请三日内到现场核实处理，并书面报告结果。',
    answer_due_on: due,
  });
  await supervisor.open(`/print/supervise/${ticket.no}`);
  const { pages, text } = await paper(supervisor);
  expect(pages).toBe(1);
  expect(text).toMatch(/督〔\d{4}〕\d+号/);
  for (const part of ['督办要求', '请三日内到现场核实处理，并书面报告结果。', '签发人', '办理结果'])
    expect(text).toContain(part);
});

test('report, letter and dossier of a closed ticket', async () => {
  const clerk = await stage.person('clerk1');
  const list = await clerk.api<{ items: Ticket[] }>('GET', '/tickets?limit=50&state=closed');
  const closed = list.items.find((one) => one.lead_unit !== null);
  if (closed === undefined) throw new Error('no unit has closed anything');
  const { reply } = await clerk.api<{ reply: { reply_text: string } }>(
    'GET',
    `/tickets/${closed.no}`,
  );
  const said = reply.reply_text.replace(/\s/g, '').replace(/^您好！/, ''); // the letter greets once
  for (const form of ['report', 'reply_letter', 'dossier']) {
    await clerk.open(`/print/${form}/${closed.no}`);
    const { size, text } = await paper(clerk, `closed-${form}`);
    expect(size).toBe('A4');
    expect(text.replace(/\f/g, '')).toContain(said.slice(0, 20));
  }
});

// Left and right margins of 20 mm, in points.
const MARGIN = 55;

test('every form of a ticket with much on it: pages, text, nothing cut or torn', async () => {
  const no = await hardCase((login) => stage.resident(login));
  const supervisor = await stage.resident('supervisor1');
  const forms: [form: string, most: number, parts: string[], hands: string[]][] = [
    [
      'assign',
      3,
      ['承办单', '第60条：', '6．请彻底', '协办单位'],
      ['办理结果', '交办人', '签收时间'],
    ],
    ['submit', 2, ['呈阅件', '6．建议由主办'], ['拟办意见', '领导批示', '五日内疏通', '办理结果']],
    ['urge', 1, ['催办通知书', '4．群众再次'], ['签发人', '签收时间']],
    ['supervise', 2, ['督办单', '8．到现场'], ['签发人', '签收时间', '办理结果']],
    ['return', 2, ['退单审批单', '5．按照职责'], ['审批意见', '不同意', '审批人']],
    ['extend', 2, ['延期审批单', '6．管网改造', '3．已先行'], ['审批意见', '同意延期', '审批人']],
    ['report', 6, ['办理情况报告', '第25条：经现场', '办理过程'], ['承办人', '主要负责人']],
    ['dossier', 8, ['第30条：您反映', '五日内疏通', '督办答复'], ['立卷人', '检查人']],
  ];
  for (const [form, most, parts, hands] of forms) {
    await supervisor.open(`/print/${form}/${no}`);
    const { pages, size, text, sheets, left, right, width } = await paper(supervisor, form);
    expect([form, size, pages <= most, sheets.length]).toEqual([form, 'A4', true, pages]);
    expect([form, left >= MARGIN, right <= width - MARGIN]).toEqual([form, true, true]);
    for (const part of [no, ...parts, ...hands])
      expect([form, text]).toEqual([form, expect.stringContaining(part)]);
    // Who signs stands together with what is signed, and each page says which of how many it is.
    const last = sheets.at(-1) ?? '';
    for (const part of hands.slice(form === 'submit' ? -1 : -2))
      expect([form, last]).toEqual([form, expect.stringContaining(part)]);
    for (const [at, sheet] of sheets.entries())
      expect([form, sheet]).toEqual([form, expect.stringContaining(`第${at + 1}页共${pages}页`)]);
  }
});

test('a long content goes over pages, and no row is lost', async () => {
  const clerk = await stage.person('clerk1');
  const content = Array.from(
    { length: 180 },
    (_, at) => `第${at}条：这里路面破损，行人不便。`,
  ).join('');
  const { no, version } = await clerk.api<Ticket>('POST', '/tickets', {
    channel: 'phone',
    title: '很长的诉求',
    content,
  });
  await clerk.api('POST', `/tickets/${no}/dispatch`, { version, lead_unit: 'D11' });
  await clerk.open(`/print/assign/${no}`);
  const { pages, text } = await paper(clerk);
  expect(pages).toBeGreaterThan(1);
  for (const at of [0, 90, 179]) expect(text).toContain(`第${at}条`);
  expect(text).toContain('签收时间');
});

test('what cannot be printed says so', async () => {
  const clerk = await stage.person('clerk1');
  const ticket = await first(clerk, 'state=received');
  const page = await clerk.open(`/print/report/${ticket.no}`);
  await page.getByRole('alert').waitFor();
});

test('the monthly table lies on its side, every column on the paper', async () => {
  const supervisor = await stage.person('supervisor1');
  const now = new Date(Date.now() + 8 * 3_600_000);
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1))
    .toISOString()
    .slice(0, 7);
  const told = await supervisor.api<{
    tables: { zh: string; rows: { unit: { name: string } }[] }[];
  }>('GET', `/reports/monthly?month=${month}`);
  await supervisor.open(`/print/monthly/${month}`);
  const { size, text, right, width } = await paper(supervisor, 'monthly');
  expect(size).toBe('A4');
  expect(width).toBeGreaterThan(800);
  expect(right).toBeLessThan(width - 20);
  const names = told.tables.flatMap((table) => [
    table.zh,
    ...table.rows.map((row) => row.unit.name),
  ]);
  for (const part of ['群众诉求办理情况月报', '不满意率', '总计', '制表人', '尚未发布'])
    expect(text).toContain(part);
  // A long name breaks over lines, so its characters may stand apart.
  for (const name of names) expect(text).toContain(name.slice(0, 4));
});

test('the assessment has its formula and who signs', async () => {
  const supervisor = await stage.person('supervisor1');
  await supervisor.open('/print/assessment');
  const { text, sheets, right, width } = await paper(supervisor, 'assessment');
  expect(width).toBeGreaterThan(800);
  expect(right).toBeLessThan(width - 20);
  // Who signs is not alone on a page: units stand there too.
  expect(sheets.at(-1)).toMatch(/人民政府|局|中心|公司/);
  expect(sheets.at(-1)?.indexOf('交办数')).toBeGreaterThanOrEqual(0);
  for (const part of ['考核表', '得分', '公式第1版', '审核人']) expect(text).toContain(part);
});

test('a brief as it is now, and as it was issued: every figure and unit', async () => {
  const supervisor = await stage.resident('supervisor1');
  const today = new Date(Date.now() + 8 * 3_600_000);
  const day = (back: number) =>
    new Date(today.getTime() - back * 86_400_000).toISOString().slice(0, 10);
  interface Brief {
    figures: { zh: string; count: number }[];
    units: { unit: { short_name: string } }[];
  }
  for (const [kind, name, from] of [
    ['daily', '日报', day(0)],
    ['weekly', '周报', day(6)],
  ] as const) {
    const period = `from=${from}&to=${day(0)}`;
    const brief = await supervisor.api<Brief>('GET', `/reports/brief?${period}`);
    await supervisor.open(`/print/brief?${period}`);
    const now = await paper(supervisor, `brief-${kind}`);
    expect([kind, now.size, now.left >= MARGIN, now.right <= now.width - MARGIN]).toEqual([
      kind,
      'A4',
      true,
      true,
    ]);
    for (const one of brief.figures) expect(now.text).toContain(`${one.zh}${one.count}`);
    for (const { unit } of brief.units) expect(now.text).toContain(unit.short_name);
    for (const part of [`群众诉求办理${name}`, '按期办结率', '审核人'])
      expect(now.text).toContain(part);
    const made = await supervisor.api<{ id: number; version: number }>('POST', '/bulletins', {
      kind,
      from,
      to: day(0),
    });
    const issued = await supervisor.api<{
      number: string;
      title: string;
      text: string;
      figures: Brief;
    }>('POST', `/bulletins/${made.id}/issue`, { version: made.version });
    await supervisor.open(`/print/bulletin/${made.id}`);
    const { text, right, width } = await paper(supervisor, `bulletin-${kind}`);
    expect(right).toBeLessThan(width - 60);
    for (const part of [name, issued.number, issued.title, '附件'])
      expect(text).toContain(part.replace(/\s/g, ''));
    for (const one of issued.figures.figures) expect(text).toContain(`${one.zh}${one.count}`);
  }
});

test('special report and circular: number, title, every paragraph', async () => {
  const supervisor = await stage.person('supervisor1');
  for (const [kind, name] of [
    ['special', '动态专报'],
    ['circular', '通报'],
  ]) {
    const made = await supervisor.api<{ id: number; version: number }>('POST', '/bulletins', {
      kind,
      from: '2026-01-01',
      to: '2026-11-20',
    });
    const issued = await supervisor.api<{ number: string; title: string; text: string }>(
      'POST',
      `/bulletins/${made.id}/issue`,
      { version: made.version },
    );
    await supervisor.open(`/print/bulletin/${made.id}`);
    const { size, text, right, width } = await paper(supervisor, `bulletin-${kind}`);
    expect(size).toBe('A4');
    expect(right).toBeLessThan(width - 60);
    const plain = text.replace(/—\d+—|\u2060/g, ''); // a paragraph may go on behind a page number
    for (const part of [name, issued.number, issued.title, ...issued.text.split('\n')])
      expect(plain).toContain(part?.replace(/\s/g, ''));
  }
});
