// What changes is seen where it is looked at, without a reload.
import { expect, test } from 'vitest';
import { useStage } from './harness';

const stage = useStage();
const SOON_MS = 2_000;

interface Ticket {
  no: string;
  version: number;
}
/** The clerk hands a ticket to the unit, through the public interface. */
async function dispatched(title: string, unit = 'D11'): Promise<string> {
  const clerk = await stage.resident('clerk2');
  const { no, version } = await clerk.api<Ticket>('POST', '/tickets', {
    channel: 'phone',
    title,
    content: `${title}，请尽快处理。`,
    petitioner: { name: '测试群众', phone: '13900001234' },
  });
  await clerk.api('POST', `/tickets/${no}/dispatch`, { version, lead_unit: unit });
  return no;
}
const short = (no: string) => `…${no.slice(no.lastIndexOf('-') + 1)}`;
const waiting = (title: string) => Number(/^\((\d+)\)/.exec(title)?.[1] ?? 0);

test('a new ticket is announced, counted and offered within two seconds', async () => {
  const handler = await stage.person('d11');
  const page = await handler.listening('/inbox?todo=sign');
  await page.waitForFunction(() => document.title.startsWith('('));
  const before = waiting(await page.title());

  const no = await dispatched('路灯不亮');
  const began = performance.now();
  await page
    .getByText(`新交办 ${short(no)}`)
    .first()
    .waitFor();
  await page.waitForFunction(
    (count) => Number(/^\((\d+)\)/.exec(document.title)?.[1] ?? 0) > count,
    before,
  );
  expect(performance.now() - began).toBeLessThan(SOON_MS);

  // The rows stay where they are until the person wants them anew.
  const list = page.getByRole('list', { name: '待签收' });
  const row = list.getByRole('link', { name: '路灯不亮' });
  expect(await row.count()).toBe(0);
  await page.getByRole('button', { name: '有 1 条更新，点击刷新' }).click();
  await row.waitFor();
  expect(await page.getByRole('button', { name: /条更新/ }).count()).toBe(0);

  // Another unit hears nothing of it, and the bell keeps what was said.
  await page.getByRole('button', { name: '消息记录，有未读' }).click();
  await page.getByRole('menuitem', { name: `新交办 ${short(no)}` }).click();
  await page.waitForURL(`**/tickets/${no}`);
  expect(handler.complaints).toEqual([]);
});

test('what happens between the first load and the opening of the stream is told', async () => {
  const handler = await stage.person('d11');
  // The server gives one person four streams; these have them, so the page's own comes late.
  const others = [handler.page];
  for (let i = 1; i < 4; i += 1) others.push(await handler.context.newPage());
  for (const other of others) {
    await other.goto(`${stage.url()}/inbox`);
    await other.getByText('在线').waitFor({ state: 'attached' });
  }
  const page = await handler.context.newPage();
  const refused = page.waitForResponse((answer) => answer.url().includes('/api/v1/stream'));
  await page.goto(`${stage.url()}/inbox?todo=sign`);
  const list = page.getByRole('list', { name: '待签收' });
  await list.waitFor();
  expect((await refused).status()).toBe(429);
  const no = await dispatched('公交站牌损坏');
  for (const other of others) await other.close();
  await page
    .getByText(`新交办 ${short(no)}`)
    .first()
    .waitFor();
  await page.getByRole('button', { name: '有 1 条更新，点击刷新' }).click();
  await list.getByRole('link', { name: '公交站牌损坏' }).waitFor();
});

test('a page that shows the ticket shows what somebody else does to it', async () => {
  const no = await dispatched('井盖丢失');
  const clerk = await stage.person('clerk1');
  const page = await clerk.listening(`/tickets/${no}`);
  await page.getByText('已交办 待签收').first().waitFor();
  const handler = await stage.resident('d11');
  await handler.api('POST', `/tickets/${no}/sign`, { version: 2 });
  await page
    .getByText('办理中')
    .first()
    .waitFor({ timeout: SOON_MS * 2 });
});

test('seven open pages of one person all load', async () => {
  const handler = await stage.person('d12');
  for (let i = 0; i < 7; i += 1) {
    const page = i === 0 ? handler.page : await handler.context.newPage();
    await page.goto(`${stage.url()}/inbox`);
    await page.locator('h1').first().waitFor();
    await page
      .getByText(i === 0 ? '在线' : /在线|离线/)
      .first()
      .waitFor({ state: 'attached' });
  }
});

test('a page that nobody tells anything asks for itself, once a minute', async () => {
  const handler = await stage.person('d12');
  // The server gives one person four streams; these have them.
  for (let i = 0; i < 4; i += 1) {
    const page = i === 0 ? handler.page : await handler.context.newPage();
    await page.goto(`${stage.url()}/inbox`);
    await page.getByText('在线').waitFor({ state: 'attached' });
  }
  const page = await handler.context.newPage();
  await page.clock.install(); // its minutes are ours
  await page.goto(`${stage.url()}/inbox?todo=sign`);
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => document.title.startsWith('('));
  for (let i = 0; i < 2; i += 1) {
    // Refused, and tried again three seconds later.
    const again = page.waitForRequest((asked) => asked.url().includes('/api/v1/stream'));
    await page.clock.fastForward(3_100);
    await again;
  }
  await page.getByText('离线').waitFor({ state: 'attached' });
  const before = waiting(await page.title());
  await dispatched('停水', 'D12');
  await page.clock.fastForward(61_000);
  await page.waitForFunction(
    (count) => Number(/^\((\d+)\)/.exec(document.title)?.[1] ?? 0) > count,
    before,
  );
});

test('a server that was away is listened to again', async () => {
  const handler = await stage.person('d11');
  const page = await handler.listening('/inbox?todo=sign');
  await stage.stop();
  await stage.startAgain();
  const no = await dispatched('积水');
  await page
    .getByText(`新交办 ${short(no)}`)
    .first()
    .waitFor();
});

test('a part that is missing while the line is down is no new version of the pages', async () => {
  const supervisor = await stage.person('supervisor1');
  const page = await supervisor.open('/me');
  const strips = page.locator('.shell-strip');
  const missed = page.evaluate(
    () => new Promise((done) => addEventListener('vite:preloadError', () => done(true))),
  );
  await supervisor.context.setOffline(true);
  await strips.waitFor();
  const link = page.locator('.shell-nav').getByRole('link', { name: '考核' });
  await link.press('Enter'); // this page was not loaded before
  await missed;
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/healthz')),
  );
  expect(await strips.allInnerTexts()).toEqual(['网络中断，正在重试；已填写的内容保存在本机。']);
  await supervisor.context.setOffline(false);
  await strips.waitFor({ state: 'detached' });
  await link.press('Enter');
  await page.getByRole('heading', { name: '考核', level: 1 }).waitFor();
  // Where the server answers, it is one.
  await page.evaluate(() => dispatchEvent(new Event('vite:preloadError', { cancelable: true })));
  await strips.filter({ hasText: '系统已更新' }).waitFor();
});

test('who is signed out elsewhere is asked to sign in again', async () => {
  const handler = await stage.person('d12');
  const page = await handler.open('/inbox');
  await page.getByText('在线').waitFor({ state: 'attached' });
  const csrf = await page.evaluate(async () => {
    const answer = await fetch('/api/v1/session');
    return ((await answer.json()) as { csrf: string }).csrf;
  });
  const answer = await handler.context.request.delete(`${stage.url()}/api/v1/session`, {
    headers: { 'X-CSRF-Token': csrf },
  });
  expect(answer.status()).toBe(204);
  await page.getByRole('dialog').getByText('请重新登录').first().waitFor();
});
