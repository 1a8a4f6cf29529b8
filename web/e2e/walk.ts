// Every page in every state that can be come by: what axe, the policy and a person's eye go over.
// A new page is a row here.
import type { Page } from 'playwright-core';
import type { Person } from './harness';
import { FAULTY } from './ledgers';
import { accountStops } from './walk-account';
import { adminStops } from './walk-admin';

export interface Stop {
  name: string;
  login: string;
  path: string | ((person: Person) => Promise<string>);
  /** Somebody else than `login` goes there, found with `login`'s help. */
  as?: (helper: Person) => Promise<{ login: string; path: string }>;
  /** Brings the page into the state that is meant. */
  then?: (page: Page) => Promise<void>;
}

interface Lines {
  items: { no: string; version: number; lead_unit: { code: string } | null }[];
}
/** The path of the first ticket of a list that this person sees. */
const ticket = (query: string) => async (person: Person) => {
  const { items } = await person.api<Lines>('GET', `/tickets?limit=1&${query}`);
  const first = items[0];
  if (first === undefined) throw new Error(`${person.login}: no ticket for ${query}`);
  return `/tickets/${first.no}`;
};

/** A supervision is laid upon a ticket first. */
async function supervised(person: Person): Promise<string> {
  const { items } = await person.api<Lines>('GET', '/tickets?limit=1&state=handling');
  const first = items[0];
  if (first === undefined) throw new Error('nothing is being handled');
  const due = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
  await person.api('POST', `/tickets/${first.no}/supervise`, {
    version: first.version,
    reason_code: 'public_concern',
    demand: '请三日内到现场核实处理，并书面报告结果。',
    answer_due_on: due,
  });
  return `/tickets/${first.no}`;
}

const thisMonth = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7);

/** The draft of a circular about this month. */
async function bulletin(person: Person): Promise<string> {
  const { id } = await person.api<{ id: number }>('POST', '/bulletins', {
    kind: 'circular',
    from: `${thisMonth}-01`,
    to: `${thisMonth}-28`,
  });
  return `/reports/bulletins/${id}`;
}

/** A handler whose unit signs off on paper and has something to reply to. */
async function replier(clerk: Person): Promise<{ login: string; path: string }> {
  const units = await clerk.api<{ items: { code: string; sign_off: string }[] }>(
    'GET',
    '/units?limit=200',
  );
  const onPaper = new Set(
    units.items.filter((unit) => unit.sign_off === 'recorded').map((unit) => unit.code),
  );
  const { items } = await clerk.api<Lines>('GET', '/tickets?limit=200&state=handling');
  const found = items.find((one) => one.lead_unit !== null && onPaper.has(one.lead_unit.code));
  if (found?.lead_unit == null) throw new Error('nobody has anything to reply to');
  return { login: found.lead_unit.code.toLowerCase(), path: `/tickets/${found.no}` };
}

/** In the form of a reply: the unit has told the citizen by phone, now; returns the field's value. */
export async function tell(page: Page): Promise<string> {
  const dialog = page.getByRole('dialog');
  const now = new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 16);
  await dialog.getByLabel('本单位已告知').check();
  await dialog.getByLabel('告知群众时间').fill(now);
  await dialog.getByLabel('告知方式').selectOption('phone');
  return now;
}

/** A photo as a phone makes it, larger than what travels. */
export async function photoOf(page: Page, name: string) {
  const address = await page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 2000;
    canvas.height = 1500;
    const paint = canvas.getContext('2d');
    if (paint === null) throw new Error('nothing to paint on');
    const pixels = paint.createImageData(canvas.width, canvas.height);
    for (let at = 0; at < pixels.data.length; at += 1)
      pixels.data[at] = at % 4 === 3 ? 255 : (at * 7919) % 251;
    paint.putImageData(pixels, 0, 0);
    return canvas.toDataURL('image/jpeg', 0.7);
  });
  return {
    name,
    mimeType: 'image/jpeg',
    buffer: Buffer.from(address.slice(address.indexOf(',') + 1), 'base64'),
  };
}

/** The same person at another window was first. */
export function changeFromElsewhere(
  page: Page,
  record: string,
  method: string,
  path: string,
  body: object,
): Promise<void> {
  return page.evaluate(
    async (what) => {
      const ask = async (from: string) => (await fetch(`/api/v1${from}`)).json();
      const { csrf } = (await ask('/session')) as { csrf: string };
      const { version } = (await ask(what.record)) as { version: number };
      const answer = await fetch(`/api/v1${what.path}`, {
        method: what.method,
        headers: {
          'Content-Type': 'application/json',
          'X-CSRF-Token': csrf,
          'Idempotency-Key': crypto.randomUUID(),
        },
        body: JSON.stringify({ version, ...what.body }),
      });
      const said = await answer.text();
      if (!answer.ok) throw new Error(said);
    },
    { record, method, path, body },
  );
}

/** Opens an action's form, from its button or from the menu. */
export function act(word: string) {
  return async (page: Page): Promise<void> => {
    const bar = page.locator('.action-bar');
    const button = bar.getByRole('button', { name: word, exact: true });
    await bar.locator('button').first().waitFor();
    if ((await button.count()) > 0) await button.click();
    else {
      await bar.getByRole('button', { name: '更多' }).click();
      await page.getByRole('menuitem', { name: word, exact: true }).click();
    }
    await page.getByRole('dialog').locator('form').waitFor();
  };
}

export const stops: readonly Stop[] = [
  { name: 'home-clerk', login: 'clerk1', path: '/' },
  { name: 'home-handler', login: 'd11', path: '/' },
  { name: 'home-leader', login: 'leader1', path: '/' },
  { name: 'home-admin', login: 'admin', path: '/' },
  { name: 'intake', login: 'clerk1', path: '/intake' },
  {
    name: 'intake-refused',
    login: 'clerk1',
    path: '/intake',
    then: async (page) => {
      await page.getByRole('group', { name: '重大敏感' }).getByLabel('是').check();
      await page.getByRole('button', { name: '仅登记' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'tickets', login: 'clerk1', path: '/tickets' },
  { name: 'tickets-due', login: 'supervisor1', path: '/tickets?sort=due&light=red' },
  { name: 'tickets-empty', login: 'clerk1', path: '/tickets?channel=letter&state=merged' },
  { name: 'tickets-refused', login: 'clerk1', path: '/tickets?kind=nonsense' },
  {
    name: 'tickets-list-open',
    login: 'clerk1',
    path: '/tickets',
    then: async (page) => {
      await page.getByRole('combobox', { name: '承办单位' }).click();
      await page.locator('.combo-item').first().waitFor();
    },
  },
  {
    name: 'tickets-ticked',
    login: 'clerk1',
    path: '/tickets',
    then: async (page) => {
      await page.getByRole('checkbox').first().check();
      await page.getByRole('button', { name: '一并催办' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'tickets-view',
    login: 'clerk1',
    path: '/tickets?state=handling',
    then: async (page) => {
      await page.getByRole('button', { name: '保存筛选' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'tickets-forbidden', login: 'auditor', path: '/tickets' },
  { name: 'ticket-handling', login: 'clerk1', path: ticket('state=handling') },
  { name: 'ticket-received', login: 'clerk1', path: ticket('state=received') },
  { name: 'ticket-returned', login: 'clerk1', path: ticket('state=returned') },
  { name: 'ticket-replied', login: 'clerk1', path: ticket('state=replied') },
  { name: 'ticket-closed', login: 'supervisor1', path: ticket('state=closed&sort=received') },
  { name: 'ticket-supervised', login: 'supervisor1', path: supervised },
  { name: 'ticket-unit', login: 'd11', path: ticket('state=handling') },
  {
    name: 'ticket-dispatch',
    login: 'clerk1',
    path: ticket('state=received'),
    then: act('交办'),
  },
  {
    name: 'ticket-dispatch-refused',
    login: 'clerk1',
    path: ticket('state=received'),
    then: async (page) => {
      await act('交办')(page);
      await page.keyboard.press('Control+Enter');
      await page.getByRole('dialog').getByRole('alert').waitFor();
    },
  },
  { name: 'ticket-reply', login: 'clerk1', path: '/', as: replier, then: act('回复') },
  { name: 'ticket-approve', login: 'clerk1', path: ticket('state=replied'), then: act('审核通过') },
  { name: 'ticket-callback', login: 'clerk1', path: ticket('state=feedback'), then: act('回访') },
  { name: 'ticket-amend', login: 'clerk1', path: ticket('state=received'), then: act('补正') },
  { name: 'ticket-instruct', login: 'leader1', path: ticket('state=handling'), then: act('批示') },
  {
    name: 'ticket-supervise',
    login: 'supervisor1',
    path: ticket('state=handling'),
    then: async (page) => {
      await act('督办')(page);
      await page.getByRole('button', { name: '选日期' }).click();
      await page.locator('.date-day').first().waitFor();
    },
  },
  {
    name: 'ticket-reveal',
    login: 'clerk1',
    path: ticket('state=received'),
    then: async (page) => {
      await page.getByRole('button', { name: '查看完整信息' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'ticket-conflict',
    login: 'clerk1',
    path: ticket('state=received'),
    then: async (page) => {
      await act('补正')(page);
      await page.getByRole('dialog').getByLabel('地址').fill('河滩路 12 号');
      const no = new URL(page.url()).pathname.split('/').at(-1) ?? '';
      await changeFromElsewhere(page, `/tickets/${no}`, 'POST', `/tickets/${no}/amend`, {
        changes: { demand: '尽快修好' },
      });
      await page.keyboard.press('Control+Enter');
      await page.getByRole('dialog').getByRole('alert').waitFor();
    },
  },
  { name: 'ticket-missing', login: 'clerk1', path: '/tickets/20200101-R0001' },
  {
    name: 'menu-open',
    login: 'clerk1',
    path: '/me',
    then: async (page) => {
      await page.locator('.shell-user').last().click();
      await page.getByRole('menuitem').first().waitFor();
    },
  },
  {
    name: 'shortcuts',
    login: 'clerk1',
    path: '/me',
    then: async (page) => {
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
    },
  },
  { name: 'dispatch', login: 'clerk1', path: '/dispatch' },
  { name: 'dispatch-empty', login: 'clerk1', path: '/dispatch?todo=suspect' },
  { name: 'dispatch-return', login: 'clerk1', path: '/dispatch?todo=return' },
  { name: 'review', login: 'clerk1', path: '/review' },
  { name: 'review-empty', login: 'clerk1', path: '/review?todo=repeated' },
  { name: 'visit', login: 'clerk1', path: '/visit' },
  { name: 'inbox', login: 'd11', path: '/inbox?todo=handle' },
  { name: 'inbox-empty', login: 'd11', path: '/inbox?todo=supervision' },
  { name: 'instruct', login: 'leader1', path: '/instruct' },
  { name: 'instruct-empty', login: 'leader1', path: '/instruct?todo=extension' },
  {
    name: 'overdue',
    login: 'supervisor1',
    path: '/overdue',
    then: async (page) => {
      await page.getByRole('checkbox').first().check();
      await page.getByLabel('催办内容').waitFor();
    },
  },
  { name: 'supervise', login: 'supervisor1', path: '/supervise' },
  {
    name: 'supervise-table',
    login: 'leader1',
    path: '/supervise',
    then: async (page) => {
      await page.getByText('数据表').click();
      await page.locator('.callers summary').first().click();
    },
  },
  { name: 'imports', login: 'clerk1', path: '/imports' },
  {
    name: 'imports-incomplete',
    login: 'clerk1',
    path: '/imports',
    then: async (page) => {
      await page.locator('#field-file').setInputFiles({
        name: 'old.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('日期,"事由,经过"\n2019-04-25,路灯不亮\n'),
      });
      await page.getByRole('region', { name: '前几行' }).first().waitFor();
      await page.getByRole('button', { name: '试读' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'imports-faults',
    login: 'clerk1',
    path: '/imports',
    then: async (page) => {
      await page
        .locator('#field-file')
        .setInputFiles({ name: 'old.csv', mimeType: 'text/csv', buffer: Buffer.from(FAULTY) });
      await page.getByRole('region', { name: '前几行' }).first().waitFor();
      await page.getByRole('button', { name: '试读' }).click();
      await page.getByRole('heading', { name: '3 行有错，共 4 处' }).waitFor();
    },
  },
  {
    name: 'desk',
    login: 'supervisor1',
    path: '/supervise/desk',
    then: async (page) => {
      await page.getByRole('checkbox').nth(1).check();
      await page.getByLabel('催办内容').waitFor();
    },
  },
  { name: 'desk-prepared', login: 'supervisor1', path: '/supervise/desk?list=supervise' },
  { name: 'desk-empty', login: 'clerk1', path: '/supervise/desk?list=criticism&unit=T01' },
  { name: 'assessment', login: 'supervisor1', path: '/assessment' },
  {
    name: 'assessment-score',
    login: 'supervisor1',
    path: '/assessment?group=kind',
    then: async (page) => {
      await page
        .getByText(/公式第 1 版/)
        .first()
        .click();
      await page.locator('.link-button').first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'assessment-chart',
    login: 'leader1',
    path: '/assessment',
    then: async (page) => {
      await page.locator('.score-chart summary').first().click();
      await page.locator('.score-chart svg').first().waitFor();
      await page.evaluate(() => window.scrollTo(0, 0)); // nothing half under the bar
    },
  },
  { name: 'assessment-unit', login: 'd11', path: '/assessment' },
  {
    name: 'facts',
    login: 'supervisor1',
    path: `/assessment/tickets?measure=due&from=2026-01-01&to=2027-12-31`,
  },
  {
    name: 'facts-empty',
    login: 'supervisor1',
    path: '/assessment/tickets?measure=due&from=2020-01-01&to=2020-01-02',
  },
  {
    name: 'reports-monthly',
    login: 'supervisor1',
    path: `/reports?month=${thisMonth}`,
    then: async (page) => {
      await page.locator('.chart-box svg').first().waitFor();
    },
  },
  { name: 'reports-brief', login: 'leader1', path: '/reports/brief' },
  { name: 'reports-bulletins', login: 'supervisor1', path: '/reports/bulletins' },
  { name: 'bulletin', login: 'supervisor1', path: bulletin },
  { name: 'print-monthly', login: 'supervisor1', path: `/print/monthly/${thisMonth}` },
  { name: 'print-brief', login: 'leader1', path: '/print/brief' },
  { name: 'print-assessment', login: 'supervisor1', path: '/print/assessment' },
  {
    name: 'print-bulletin',
    login: 'supervisor1',
    path: async (person) =>
      (await bulletin(person)).replace('/reports/bulletins', '/print/bulletin'),
  },
  { name: 'overdue-leader', login: 'leader1', path: '/overdue?light=yellow' },
  {
    name: 'print-assign',
    login: 'clerk1',
    path: async (person) =>
      (await ticket('state=handling')(person)).replace('tickets', 'print/assign'),
  },
  {
    name: 'print-dossier',
    login: 'clerk1',
    path: async (person) =>
      (await ticket('state=closed')(person)).replace('tickets', 'print/dossier'),
  },
  {
    name: 'print-letter',
    login: 'clerk1',
    path: async (person) =>
      (await ticket('state=closed&channel=phone')(person)).replace('tickets', 'print/reply_letter'),
  },
  ...accountStops, // before an administrator sets a clerk's password
  ...adminStops,
  { name: 'missing', login: 'clerk1', path: '/no/such/page' },
];

/** Somebody stands at the stop; `resident` finds who is signed in. */
export async function goTo(
  resident: (login: string) => Promise<Person>,
  stop: Stop,
): Promise<Person> {
  const helper = await resident(stop.login);
  const found = stop.as === undefined ? null : await stop.as(helper);
  const person = found === null ? helper : await resident(found.login);
  const path = found?.path ?? stop.path;
  await person.open(typeof path === 'string' ? path : await path(person));
  await stop.then?.(person.page);
  return person;
}
