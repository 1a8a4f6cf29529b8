// A ticket with everything on it, and much of it: for the papers that show it.
import type { Person } from './harness';

interface Ticket {
  no: string;
  version: number;
}
interface CalendarYear {
  days: { date: string; mark: string }[];
}
type Login = 'clerk1' | 'supervisor1' | 'leader1' | 'd12' | 'd11';
const soon = (seconds: number) =>
  new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

/** "第1条：…第2条：…", so many, each seen on paper or missed. */
export const long = (what: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `第${at + 1}条${what}。`).join('');
export const paragraphs = (what: string, count: number): string =>
  Array.from({ length: count }, (_, at) => `${at + 1}．${what}。`).join('\n');

/** Its number. It was returned and refused, submitted, urged, supervised, extended, answered. */
export async function hardCase(as: (login: Login) => Promise<Person>): Promise<string> {
  const clerk = await as('clerk1');
  const { no } = await clerk.api<Ticket>('POST', '/tickets', {
    channel: 'phone',
    kind: 'complaint',
    title: '老城区东街至南门一带雨污管网反复堵塞污水外溢沿街商户和居民出行都受影响请尽快彻底解决',
    content: long('：东街南门口污水外溢，气味很大，行人只能绕行', 60),
    demand: paragraphs('请彻底疏通并说明改造时间', 6),
    address: '老城区东街一百二十八号至南门口两侧人行道及背街小巷',
    petitioner: { name: '欧阳测试', phone: '13900001234' },
  });
  const act = async (login: Login, action: string, body: object = {}) => {
    const person = await as(login);
    const { version } = await person.api<Ticket>('GET', `/tickets/${no}`);
    return person.api<Ticket>('POST', `/tickets/${no}/${action}`, { version, ...body });
  };
  await act('clerk1', 'dispatch', { lead_unit: 'D12', co_units: ['D11'], note: '请牵头办理。' });
  await act('d12', 'return', {
    reason_code: 'ownership_unclear',
    basis: paragraphs('按照职责分工，背街小巷的管网由乡镇负责，主街由本单位负责', 5),
    suggested_unit: 'D11',
  });
  await act('clerk1', 'refuse-return', { reason: '主街由你单位牵头，背街小巷请协办单位配合。' });
  await act('clerk1', 'submit', {
    leader: 'leader1',
    note: paragraphs('建议由主办单位牵头，协办单位配合，三日内拿出整改方案', 6),
  });
  await act('leader1', 'instruct', {
    text: '请主办单位牵头，五日内疏通到位，并研究根本解决的办法，结果报我。',
    report_back: true,
    report_on: soon(6 * 86_400).slice(0, 10),
  });
  await act('clerk1', 'urge', { note: paragraphs('群众再次来电，请今天到现场并告知群众', 4) });
  await act('supervisor1', 'supervise', {
    reason_code: 'public_concern',
    demand: paragraphs('到现场核实并疏通，向群众当面说明，书面报告结果和改造计划', 8),
    answer_due_on: soon(5 * 86_400).slice(0, 10),
  });
  await act('d12', 'contact', { way: 'phone', at: soon(-30), note: '已联系群众，约定现场查看。' });
  await act('d12', 'extend', {
    reason_code: 'funding_or_project',
    reason: paragraphs('管网改造需要立项和招标，现有资金只够临时疏通', 6),
    promised_on: await workday(await as('d12'), 8),
    interim_reply: paragraphs('已先行疏通，改造正在立项', 3),
    told_at: soon(-20),
    told_way: 'phone',
  });
  await act('supervisor1', 'grant-extension', { note: '同意，期间每周报告一次进度。' });
  await act('d12', 'answer-supervision', { text: paragraphs('已疏通主管，正在清理支管', 5) });
  await act('supervisor1', 'settle-supervision', { note: '已核实。' }).catch(() => undefined);
  await act('d11', 'co-reply', { text: '背街小巷的支管已清理完毕。' });
  await act('d12', 'reply', {
    contacted: true,
    finding: long('：经现场查看，主管被油污堵塞，支管破损', 25),
    measures: long('：已疏通主管，更换破损支管，清运淤泥，有照片和验收记录', 25),
    basis: '《城镇排水与污水处理条例》第三十一条。',
    reply_text: long('：您反映的东街污水外溢问题已经处理，主管已疏通，支管已更换', 30),
    outcome: 'solved',
    told_at: soon(-10),
    told_way: 'visit',
    signed_off_by: '局长',
    override_reason: '情况复杂，已当面说明。',
  });
  return no;
}

/** The first workday so many days ahead or later, by the calendar of the server. */
export async function workday(person: Person, ahead: number): Promise<string> {
  const marks = new Map<string, string>();
  let year = '';
  for (let days = ahead; ; days += 1) {
    const at = new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000);
    const day = at.toISOString().slice(0, 10);
    if (!day.startsWith(year) || year === '') {
      year = day.slice(0, 4);
      const found = await person.api<CalendarYear>('GET', `/calendar?year=${year}`);
      for (const one of found.days) marks.set(one.date, one.mark);
    }
    const mark = marks.get(day) ?? (at.getUTCDay() % 6 === 0 ? 'holiday' : 'workday');
    if (mark === 'workday') return day;
  }
}
