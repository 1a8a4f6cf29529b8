// Every page's main work by the keyboard alone.  Each page is gone through with Tab first: nothing
// is clickable that it does not come to, and the focus is always seen; then the work is done.
// A new page is a row here.
//     PAGES='^admin' npm run e2e -- keyboard
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { pages } from '@/routes';
import { PASSWORD, useStage, type Person } from './harness';
import { Keyboard } from './keyboard';
import { stops } from './walk';

const stage = useStage(['--public-form-min-s', '0']);
const only = process.env['PAGES'];

const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

interface Journey {
  login: string;
  path: string | ((person: Person) => Promise<string>);
  work: (keys: Keyboard) => Promise<void>;
}
interface Ticket {
  no: string;
  version: number;
}

/** A ticket as it was just received, through the public interface. */
async function received(title: string): Promise<Ticket> {
  const clerk = await stage.resident('clerk1');
  return clerk.api<Ticket>('POST', '/tickets', {
    channel: 'phone',
    title,
    content: `${title}，请尽快处理。`,
    petitioner: { name: '测试群众', phone: '13900001234' },
  });
}
/** Handed to a unit that has not signed for it yet. */
async function dispatched(title: string): Promise<Ticket> {
  const clerk = await stage.resident('clerk1');
  const { no, version } = await received(title);
  return clerk.api<Ticket>('POST', `/tickets/${no}/dispatch`, { version, lead_unit: 'D11' });
}
/** Where a stop of the walk leads. */
const pathOf = (name: string) => async (person: Person) => {
  const path = stops.find((stop) => stop.name === name)?.path ?? '';
  return typeof path === 'string' ? path : path(person);
};
/** Opens the record of that name, changes nothing, and comes back to it. */
const looksAt =
  (name: string) =>
  async (keys: Keyboard): Promise<void> => {
    await keys.use(new RegExp(`^${name}`));
    await keys.dialog();
    await keys.sweep('[role="dialog"]');
    await keys.act('Escape');
    await keys.closed();
    expect((await keys.place())?.name).toContain(name);
  };
const printed = async (keys: Keyboard): Promise<void> => {
  await keys.to('打印');
  await keys.use(/返回|工单/);
  await keys.page.waitForFunction(() => !location.pathname.startsWith('/print'));
};

const journeys: Record<string, Journey> = {
  login: {
    login: '',
    path: '/login',
    work: async (keys) => {
      await keys.to('用户名');
      await keys.type('clerk4');
      await keys.to('密码');
      await keys.type('not this one');
      await keys.act('Enter');
      await keys.page.waitForFunction(
        () => document.activeElement?.getAttribute('role') === 'alert',
      );
      await keys.to('密码');
      await keys.press('Control+a');
      await keys.type(PASSWORD);
      await keys.act('Enter');
      await keys.arrive(/您好/);
    },
  },
  home: {
    login: 'clerk1',
    path: '/',
    work: async (keys) => {
      await keys.skip();
      await keys.use(/查看全部|全部 \d+/);
      await keys.page.waitForFunction(() => location.pathname !== '/');
      await keys.page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    },
  },
  intake: {
    login: 'clerk1',
    path: '/intake',
    work: async (keys) => {
      await keys.to('来电号码');
      await keys.type('13700004321');
      await keys.to('标题');
      await keys.type('只用键盘登记');
      await keys.to('诉求内容');
      await keys.type('门前路面塌陷，行人危险。');
      await keys.to('拟转单位');
      await keys.type('xianzhujian');
      await keys.page.locator('.combo-item').first().waitFor();
      await keys.press('Tab');
      // What was taken can be given up again without a mouse.
      await keys.to('拟转单位', 'Shift+Tab');
      await keys.press('Control+a');
      await keys.press('Delete');
      await keys.press('Tab');
      const unit = keys.page.getByRole('combobox', { name: '拟转单位' });
      expect(await unit.inputValue()).toBe('');
      await keys.use('仅登记');
      await keys.see(/已登记.*\d{8}-R\d{4}/);
      await keys.page.waitForFunction(
        () => document.activeElement?.id === 'field-petitioner.phone',
      );
    },
  },
  dispatch: {
    login: 'clerk1',
    path: async () => {
      await received('键盘派单一');
      return '/dispatch?todo=dispatch';
    },
    work: async (keys) => {
      await keys.skip();
      await keys.use('交办D');
      await keys.dialog();
      await keys.sweep('[role="dialog"]');
      await keys.to('主办单位');
      await keys.type('xianzhujian');
      await keys.page.locator('.combo-item').first().waitFor();
      await keys.press('Enter');
      await keys.use(/^交办/);
      await keys.closed();
      await keys.see(/已完成/);
    },
  },
  review: {
    login: 'clerk1',
    path: '/review?todo=review',
    work: async (keys) => {
      await keys.skip();
      await keys.use(/^审核通过/);
      await keys.dialog();
      await keys.use(/^审核通过/);
      await keys.closed();
      await keys.see(/已完成/);
    },
  },
  visit: {
    login: 'clerk1',
    path: '/visit',
    work: async (keys) => {
      await keys.skip();
      await keys.use(/^回访/);
      await keys.dialog();
      await keys.sweep('[role="dialog"]');
      await keys.act('Escape');
      await keys.closed();
    },
  },
  inbox: {
    login: 'd11',
    path: async () => {
      await dispatched('键盘签收');
      return '/inbox?todo=sign';
    },
    work: async (keys) => {
      await keys.use(/^签收/);
      if ((await keys.page.getByRole('dialog').count()) > 0) {
        await keys.use(/^签收/);
        await keys.closed();
      }
      await keys.see(/已完成/);
      await keys.act('Shift+Tab');
    },
  },
  instruct: {
    login: 'leader1',
    path: async () => {
      const clerk = await stage.resident('clerk1');
      const { no, version } = await dispatched('键盘批示');
      await clerk.api('POST', `/tickets/${no}/submit`, {
        version,
        leader: 'leader1',
        note: '建议由住建局牵头三日内办结。',
      });
      return '/instruct?todo=instruct';
    },
    work: async (keys) => {
      await keys.use('批示I');
      await keys.dialog();
      await keys.use('请抓紧核实办理');
      await keys.act('Control+Enter');
      await keys.closed();
      await keys.see(/已完成/);
    },
  },
  tickets: {
    login: 'clerk1',
    path: '/tickets',
    work: async (keys) => {
      await keys.skip();
      await keys.press('/');
      await keys.type('路灯');
      await keys.act('Enter');
      await keys.page.waitForURL(/q=/);
      await keys.to(/^选中/);
      await keys.press('Space');
      await keys.use(/^一并催办/);
      await keys.dialog();
      await keys.sweep('[role="dialog"]');
      await keys.act('Escape');
      await keys.closed();
      expect((await keys.place())?.name).toContain('一并催办');
      await keys.use('取消选择');
      await keys.page.locator('.batch').waitFor({ state: 'detached' });
      await keys.use('更多筛选');
      await keys.to('承办单位', 'Shift+Tab');
      await keys.press('ArrowDown');
      await keys.page.locator('.combo-item').first().waitFor();
      await keys.press('Escape');
      await keys.use('保存筛选');
      await keys.dialog();
      await keys.type('我的路灯');
      await keys.act('Enter');
      await keys.closed();
      await keys.see('我的路灯');
    },
  },
  ticket: {
    login: 'clerk1',
    path: async () => `/tickets/${(await received('键盘办理')).no}`,
    work: async (keys) => {
      await keys.use(/^更多/);
      await keys.page.getByRole('menu').waitFor();
      await keys.press('ArrowDown');
      await keys.act('Escape');
      expect((await keys.place())?.name).toContain('更多');
      await keys.act('n');
      await keys.dialog();
      await keys.type('只用键盘写的备注');
      await keys.use(/^内部备注/);
      await keys.closed();
      await keys.page.locator('.timeline').getByText('只用键盘写的备注').waitFor();
      await keys.use('查看完整信息');
      await keys.dialog();
      await keys.type('核实地址');
      await keys.act('Enter');
      await keys.closed();
      await keys.see('13900001234');
    },
  },
  imports: {
    login: 'clerk1',
    path: '/imports',
    work: async (keys) => {
      const chosen = keys.page.waitForEvent('filechooser');
      await keys.to('台账文件');
      await keys.press('Enter');
      await (
        await chosen
      ).setFiles({
        name: 'old.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('日期,事由\n2019-04-25,路灯不亮\n'),
      });
      await keys.page.getByRole('region', { name: '前几行' }).first().waitFor();
      await keys.use('试读');
      await keys.page.waitForFunction(
        () => document.activeElement?.getAttribute('role') === 'alert',
      );
      await keys.sweep();
    },
  },
  overdue: {
    login: 'supervisor1',
    path: '/overdue',
    work: async (keys) => {
      await keys.skip();
      await keys.to(/^选择/);
      await keys.press('Space');
      await keys.use(/^催办（1 件）/);
      await keys.see(/已催办 1 件/);
    },
  },
  supervise: {
    login: 'supervisor1',
    path: '/supervise',
    work: async (keys) => {
      await keys.skip();
      await keys.use('数据表');
      await keys.use(/今日/);
      await keys.page.waitForURL(/\/tickets\?/);
      await keys.arrive(/工单/);
    },
  },
  desk: {
    login: 'supervisor1',
    path: '/supervise/desk',
    work: async (keys) => {
      await keys.use('全选', 'Space');
      await keys.press('Space');
      await keys.press('Tab');
      await keys.to(/^选择/);
      await keys.press('ArrowDown');
      await keys.press('Space');
      await keys.use(/^催办（1 件）/);
      await keys.see(/已催办 1 件/);
    },
  },
  assessment: {
    login: 'supervisor1',
    path: `/assessment?from=${today}&to=${today}`,
    work: async (keys) => {
      await keys.skip();
      await keys.use(/率$/);
      await keys.page.waitForURL(/assessment\/tickets/);
    },
  },
  'assessment-tickets': {
    login: 'supervisor1',
    path: '/assessment/tickets?measure=due&from=2026-01-01&to=2027-12-31',
    work: async (keys) => {
      await keys.use(/\d{8}-R\d{4}|[\u4e00-\u9fff]{6,}/);
      await keys.page.waitForFunction(() => location.pathname !== '/assessment/tickets');
    },
  },
  reports: {
    login: 'supervisor1',
    path: '/reports',
    work: async (keys) => {
      await keys.skip();
      await keys.use(/简报/);
      await keys.page.waitForURL(/reports\/brief/);
    },
  },
  'reports-brief': {
    login: 'leader1',
    path: '/reports/brief',
    work: async (keys) => {
      await keys.skip();
      await keys.to('时段');
      await keys.act('ArrowDown');
    },
  },
  'reports-bulletins': {
    login: 'supervisor1',
    path: '/reports/bulletins',
    work: async (keys) => {
      await keys.skip();
      await keys.use('生成草稿');
      await keys.page.waitForURL(/bulletins\/\d+/);
    },
  },
  bulletin: {
    login: 'supervisor1',
    path: pathOf('bulletin'),
    work: async (keys) => {
      await keys.to(/标题/);
      await keys.press('End');
      await keys.type('（二）');
      await keys.act('Control+s');
      await keys.see(/已保存/);
    },
  },
  'print-monthly': { login: 'supervisor1', path: pathOf('print-monthly'), work: printed },
  'print-assessment': { login: 'supervisor1', path: '/print/assessment', work: printed },
  'print-brief': { login: 'supervisor1', path: '/print/brief', work: printed },
  'print-bulletin': { login: 'supervisor1', path: pathOf('print-bulletin'), work: printed },
  print: { login: 'clerk1', path: pathOf('print-assign'), work: printed },
  admin: {
    login: 'admin',
    path: '/admin',
    work: async (keys) => {
      await keys.skip();
      await keys.use('单位');
      await keys.arrive('单位');
    },
  },
  'admin-units': { login: 'admin', path: '/admin/units?q=D11', work: looksAt('县住建局') },
  'admin-users': {
    login: 'admin',
    path: '/admin/users',
    work: async (keys) => {
      await looksAt('受理员丙')(keys);
      await keys.act('Enter');
      await keys.dialog();
      await keys.use('重置密码');
      await keys.page.getByRole('dialog', { name: '一次性密码' }).waitFor();
      await keys.sweep('[role="dialog"]');
      await keys.use(/^已交给本人/);
      await keys.dialog(); // the account's form is still open
      await keys.act('Escape');
      await keys.closed();
    },
  },
  'admin-tokens': {
    login: 'admin',
    path: '/admin/tokens',
    work: async (keys) => {
      await keys.use('新建令牌');
      await keys.dialog();
      await keys.type('键盘令牌');
      await keys.to('短信网关');
      await keys.press('Space');
      await keys.act('Control+s');
      await keys.page.getByRole('dialog', { name: '新令牌' }).waitFor();
      await keys.use(/^已/);
      await keys.closed();
      await keys.see('键盘令牌');
    },
  },
  'admin-categories': { login: 'admin', path: '/admin/categories', work: looksAt('路灯照明') },
  'admin-areas': { login: 'admin', path: '/admin/areas', work: looksAt('云河镇') },
  'admin-channels': { login: 'admin', path: '/admin/channels', work: looksAt('热线电话') },
  'admin-phrases': {
    login: 'admin',
    path: '/admin/phrases',
    work: async (keys) => {
      await looksAt('高度重视')(keys);
      await keys.act('Enter');
      await keys.dialog();
      await keys.to(/^用语/);
      await keys.press('End');
      await keys.type('并落实');
      await keys.act('Control+s');
      await keys.closed();
      await keys.see('高度重视并落实');
    },
  },
  'admin-templates': { login: 'd11-head', path: '/admin/templates', work: looksAt('一般答复') },
  'admin-calendar': {
    login: 'admin',
    path: '/admin/calendar',
    work: async (keys) => {
      await keys.to(/月\d+日/);
      for (let i = 0; i < 3; i += 1) {
        await keys.press('ArrowRight');
        await keys.press('Enter');
      }
      await keys.act('Control+s');
      await keys.dialog();
      await keys.sweep('[role="dialog"]');
      await keys.act('Escape');
      await keys.closed();
    },
  },
  'admin-limits': {
    login: 'admin',
    path: '/admin/limits',
    work: async (keys) => {
      await keys.to('签收 一般：数量');
      await keys.press('Control+a');
      await keys.type('2');
      await keys.act('Control+s');
      await keys.see(/已保存/);
    },
  },
  'admin-settings': {
    login: 'admin',
    path: '/admin/settings',
    work: async (keys) => {
      await keys.to('文号的代字');
      await keys.press('Control+a');
      await keys.type('云');
      await keys.act('Control+s');
      await keys.see(/已保存/);
    },
  },
  'admin-audit': {
    login: 'auditor',
    path: '/admin/audit',
    work: async (keys) => {
      await keys.to('操作人');
      await keys.type('clerk1');
      await keys.act('Enter');
      await keys.page.waitForURL(/actor=clerk1/);
    },
  },
  me: {
    login: 'clerk2',
    path: '/me',
    work: async (keys) => {
      await keys.to('中文');
      await keys.act('ArrowRight');
      await keys.page.getByRole('heading', { level: 1, name: 'My settings' }).waitFor();
      await keys.act('ArrowLeft');
      await keys.page.getByRole('heading', { level: 1, name: '我的设置' }).waitFor();
      await keys.to('现在的密码');
      await keys.type(PASSWORD);
      await keys.to('新密码');
      await keys.type('lantern-48-river');
      await keys.press('Tab');
      await keys.type('lantern-48-river');
      await keys.act('Enter');
      await keys.see(/密码已/);
    },
  },
  missing: {
    login: 'clerk1',
    path: '/no/such/page',
    work: async (keys) => {
      await keys.skip();
      await keys.use(/首页/);
      await keys.arrive(/您好/);
    },
  },
};

/** The citizens' pages, by their templates. */
const citizens: Record<string, Omit<Journey, 'login'>> = {
  index: {
    path: '/public/',
    work: async (keys) => {
      await keys.skip();
      await keys.press('Tab');
      await keys.press('Enter');
      await keys.page.waitForURL(/public\/message/);
    },
  },
  message: {
    path: '/public/message',
    work: async (keys) => {
      await keys.to('详细情况');
      await keys.type('村口的路灯坏了三天，晚上看不见路。');
      await keys.to('电话');
      await keys.type('不知道');
      await keys.to('提交');
      await keys.press('Enter');
      // What is wrong has the focus, and leads to its field.
      await keys.page.waitForFunction(() => document.activeElement?.matches('.summary') === true);
      await keys.use(/^电话/);
      await keys.press('Control+a');
      await keys.type('13900001234');
      await keys.to('提交');
      await keys.press('Enter');
      await keys.page.locator('.receipt').waitFor();
    },
  },
  done: {
    path: '/public/message?door=mailbox',
    work: async (keys) => {
      await keys.to('详细情况');
      await keys.type('请问城乡居民医保怎么缴费。');
      await keys.to('提交');
      await keys.press('Enter');
      await keys.page.locator('.receipt').waitFor();
      await keys.sweep();
      await keys.to('现在就看进度');
      await keys.press('Enter');
      await keys.page.locator('.steps').waitFor();
      await keys.sweep();
      await keys.to('请抓紧办理');
      await keys.press('Enter');
      await keys.see('已催办');
    },
  },
  progress: {
    path: '/public/progress',
    work: async (keys) => {
      await keys.to('编号');
      await keys.type('20260101-W0001');
      await keys.to('查询码');
      await keys.type('00000000');
      await keys.press('Enter');
      await keys.page.waitForFunction(() => document.activeElement?.matches('.summary') === true);
    },
  },
  rate: {
    path: '/public/rate',
    work: async (keys) => {
      await keys.to('编号');
      await keys.type('20260101-W0001');
      await keys.to('查询码');
      await keys.type('00000000');
      await keys.to(/满意/);
      await keys.press('ArrowDown');
      await keys.to(/提交/);
      await keys.press('Enter');
      await keys.page.waitForFunction(() => document.activeElement?.matches('.summary') === true);
    },
  },
  replies: {
    path: '/public/replies',
    work: async (keys) => {
      await keys.to('类别');
      await keys.press('ArrowDown');
      await keys.to(/查看|筛选|确定/);
      await keys.press('Enter');
      await keys.page.waitForURL(/category=/);
    },
  },
  help: {
    path: '/public/help',
    work: async (keys) => {
      await keys.to('查询');
      await keys.press('Enter');
      await keys.page.waitForURL(/progress/);
    },
  },
};

test('every page of the table has its work here', () => {
  expect(Object.keys(journeys).sort()).toEqual(pages.map((page) => page.name).sort());
});

test("so has every citizens' page", () => {
  const folder = resolve(import.meta.dirname, '../citizen');
  const templates = readdirSync(folder).filter(
    (name) =>
      name.endsWith('.html') && readFileSync(resolve(folder, name), 'utf8').startsWith('<!doctype'),
  );
  expect(Object.keys(citizens).sort()).toEqual(templates.map((name) => name.slice(0, -5)).sort());
});

const everything = [
  ...Object.entries(journeys),
  ...Object.entries(citizens).map(([name, one]): [string, Journey] => [
    `public/${name}`,
    { ...one, login: '' },
  ]),
];
test.each(everything.filter(([name]) => only === undefined || new RegExp(only).test(name)))(
  '%s',
  async (_, { login, path, work }) => {
    const person = login === '' ? await stage.stranger() : await stage.resident(login);
    const keys = new Keyboard(person);
    await person.open(typeof path === 'string' ? path : await path(person));
    await keys.sweep();
    await work(keys);
    expect([...keys.faults].slice(0, 9)).toEqual([]);
  },
);
