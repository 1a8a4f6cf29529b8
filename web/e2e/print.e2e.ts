// The printed forms, as the real browser puts them on paper: so many pages, this text, nothing cut.
import { expect, test } from 'vitest';
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
    const { size, text } = await paper(clerk);
    expect(size).toBe('A4');
    expect(text.replace(/\f/g, '')).toContain(said.slice(0, 20));
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
  const { size, text, right, width } = await paper(supervisor);
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
  const { text, right, width } = await paper(supervisor);
  expect(width).toBeGreaterThan(800);
  expect(right).toBeLessThan(width - 20);
  for (const part of ['考核表', '得分', '公式第1版', '审核人']) expect(text).toContain(part);
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
    const { size, text, right, width } = await paper(supervisor);
    expect(size).toBe('A4');
    expect(right).toBeLessThan(width - 60);
    for (const part of [name, issued.number, issued.title, ...issued.text.split('\n')])
      expect(text.replace(/\f/g, '')).toContain(part?.replace(/\s/g, ''));
  }
});
