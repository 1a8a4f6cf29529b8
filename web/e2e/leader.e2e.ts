// A leader's page with things waiting: what was submitted, an extension to decide, an answer that
// came back, and one that did not come in time.
import { expect, test } from 'vitest';
import { workday } from './hardcase';
import { NARROW, useStage, WIDE } from './harness';

const stage = useStage();

interface Ticket {
  no: string;
  version: number;
}
type Login = 'clerk2' | 'd11' | 'leader1';
async function act(login: Login, action: string, no: string, body: object = {}): Promise<void> {
  const person = await stage.resident(login);
  const { version } = await person.api<Ticket>('GET', `/tickets/${no}`);
  await person.api('POST', `/tickets/${no}/${action}`, { version, ...body });
}
async function given(title: string, more: object = {}): Promise<string> {
  const clerk = await stage.resident('clerk2');
  const { no } = await clerk.api<Ticket>('POST', '/tickets', {
    channel: 'phone',
    kind: 'complaint',
    title,
    content: `${title}。雨后积水没过脚面，老人孩子出行不便，已多次向社区反映。请尽快安排疏通，并告诉我们什么时候能好。沿街商户的货物被泡，也请一并说明如何处理。`,
    petitioner: { name: '测试群众', phone: '13900001234' },
    ...more,
  });
  return no;
}
const submit = (no: string, note: string) =>
  act('clerk2', 'submit', no, { leader: 'leader1', note });

test('what waits for a leader: by its time, with what is asked and what came back', async () => {
  const waiting = await given('东街雨污管网堵塞积水');
  await act('clerk2', 'dispatch', waiting, { lead_unit: 'D11' });
  await act('d11', 'sign', waiting);
  await submit(waiting, '建议由住建局牵头，三日内先行疏通。妥否，请批示。');
  const grave = await given('幼儿园门口高压线垂落', {
    urgency: 'critical',
    sensitive: true,
    sensitive_reason: '多名家长聚集',
  });
  await submit(grave, '情况紧急，已电话通知供电公司到场。');
  const longer = await given('老旧小区外墙渗水');
  await act('clerk2', 'dispatch', longer, { lead_unit: 'D11' });
  await act('d11', 'sign', longer);
  await act('d11', 'extend', longer, {
    reason_code: 'funding_or_project',
    reason: '业主大会表决和公示各需十日。',
    promised_on: await workday(await stage.resident('d11'), 30),
    interim_reply: '已现场查看，正在组织业主表决。',
    told_at: new Date(Date.now() - 5000).toISOString().replace(/\.\d+Z$/, 'Z'),
    told_way: 'phone',
  });
  const answered = await given('广场夜间噪声扰民');
  await act('clerk2', 'dispatch', answered, { lead_unit: 'D11' });
  await act('d11', 'sign', answered);
  await submit(answered, '请批示。');
  await act('leader1', 'instruct', answered, {
    text: '请住建局会同公安局明确管理时段，结果报我。',
    report_back: true,
    report_on: await workday(await stage.resident('leader1'), 5),
  });
  await act('d11', 'answer-supervision', answered, { text: '已划定时段，连续三晚巡查。' });

  // On a phone, all of it is in the cards.
  const leader = await stage.person('leader1', NARROW);
  const page = await leader.open('/instruct?todo=instruct');
  const cards = page.locator('.queue-item');
  await cards.nth(1).getByText('妥否，请批示。').waitFor();
  expect(await cards.locator('.queue-title').allInnerTexts()).toEqual([
    '幼儿园门口高压线垂落',
    '东街雨污管网堵塞积水',
  ]);
  await page.getByRole('link', { name: /^延期待批/ }).click();
  await cards.getByRole('button', { name: /^同意延期/ }).waitFor();
  await cards.getByText('业主大会表决和公示各需十日。').waitFor();

  // What was instructed: who did not answer in time, what came back, the rest folded.
  const before = page.locator('.instructed div > ul > li');
  await before.first().getByText('超期未答复').waitFor();
  await before.nth(1).getByText('已划定时段，连续三晚巡查。').waitFor();
  const rest = page.locator('.instructed details li');
  expect(await rest.first().isVisible()).toBe(false);
  await page.locator('.instructed summary').click();
  await rest.first().waitFor();
  expect(await rest.getByText(/待答复|超期/).count()).toBe(0);

  // At a desk the ticket says at its top what is asked, and of whom by name.
  const desk = await stage.person('leader1', WIDE);
  await desk.open(`/tickets/${waiting}`);
  const asked = desk.page.locator('.notice', { hasText: '呈 县领导甲 批示' });
  await asked.getByText('妥否，请批示。').waitFor();
  expect(await asked.innerText()).toMatch(/批示\s受理员乙/);
  await desk.page.locator('.timeline').getByText('呈送领导 县领导甲').waitFor();
  expect(await desk.page.getByText('leader1').count()).toBe(0);
});
