// The switchboard and the SMS gateway, as the clerk sees them: a call opens the caller's card, a
// message is a ticket that is told of.
import { expect, test } from 'vitest';
import { faultsOf } from './axe';
import { useStage, type Person } from './harness';

const stage = useStage();
const SOON_MS = 2_000;
const EXTENSION = '801';

/** A token of another system, and what it says. */
async function system(scope: string): Promise<(path: string, body: unknown) => Promise<void>> {
  const admin = await stage.resident('admin');
  const { token } = await admin.api<{ token: string }>('POST', '/tokens', {
    name: crypto.randomUUID(),
    scopes: [scope],
  });
  return async (path, body) => {
    const answer = await fetch(`${stage.url()}/api/v1${path}`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  };
}

/** A telephone on the clerk's desk; rings, is answered, is hung up. */
async function telephone(login: string, extension: string) {
  const admin = await stage.resident('admin');
  const { version } = await admin.api<{ version: number }>('GET', `/users/${login}`);
  await admin.api('PATCH', `/users/${login}`, { version, extension });
  const tell = await system('switchboard');
  return (event: string, call_id: string, caller?: string) =>
    tell('/calls', {
      event,
      call_id,
      extension,
      at: new Date().toISOString(),
      ...(caller === undefined ? {} : { caller }),
    });
}

const field = (person: Person, label: string) => person.page.getByLabel(label);

test('a call opens the caller’s card within two seconds, and Enter takes it', async () => {
  const phone = await telephone('clerk1', EXTENSION);
  const clerk = await stage.person('clerk1');
  await clerk.api('POST', '/tickets', {
    channel: 'phone',
    title: '上次反映的路灯',
    content: '主街路灯不亮。',
    petitioner: { phone: '13711112222' },
  });
  const page = await clerk.listening('/intake');
  await page.waitForFunction(() => document.activeElement?.id === 'field-petitioner.phone');

  const began = performance.now();
  await phone('ring', 'one', '13711112222');
  const card = page.getByRole('region', { name: '来电', exact: true });
  await card.getByRole('heading', { name: '来电 13711112222' }).waitFor();
  expect(performance.now() - began).toBeLessThan(SOON_MS);
  await card.getByText('上次反映的路灯').waitFor();
  await phone('answer', 'one', '13711112222');
  await card.getByText('通话中').first().waitFor();
  expect(await faultsOf(page)).toEqual([]);

  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'field-petitioner.name');
  expect(await field(clerk, '来电号码').inputValue()).toBe('13711112222');
  expect(await card.getByRole('heading', { name: /13711112222/ }).count()).toBe(0);
  await page.locator('#beside-history li', { hasText: '上次反映的路灯' }).waitFor();

  await page.getByLabel('诉求内容').fill('路灯还是不亮。');
  await page.getByRole('button', { name: '仅登记' }).click();
  await page
    .getByText(/已登记.*\d{8}-R\d{4}/)
    .first()
    .waitFor();
  await phone('hangup', 'one', '13711112222');
  await page.reload();
  await card.getByText('最近来电（0 个未登记）').click();
  await card.getByRole('link', { name: /\d{8}-R\d{4}/ }).waitFor();
  expect(clerk.complaints).toEqual([]);
  expect(stage.server().tail()).not.toContain('13711112222');
});

test('a form in work is never overwritten by a call', async () => {
  const phone = await telephone('clerk1', EXTENSION);
  const clerk = await stage.person('clerk1');
  const page = await clerk.listening('/intake');
  await field(clerk, '来电号码').fill('13722220000');
  await page.getByLabel('诉求内容').fill('还在说。');
  await field(clerk, '来电号码').focus();
  await phone('ring', 'two', '13733330000');
  const card = page.getByRole('region', { name: '来电', exact: true });
  await card.getByText('当前登记未完成').waitFor();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  expect(await field(clerk, '来电号码').inputValue()).toBe('13722220000');
  expect(await page.getByLabel('诉求内容').inputValue()).toBe('还在说。');
  expect(await card.getByRole('button', { name: /接入登记|填入/ }).count()).toBe(0);

  // Received first; then the call that still rings is one key away.
  await page.getByRole('button', { name: '仅登记' }).click();
  await page
    .getByText(/已登记.*\d{8}-R\d{4}/)
    .first()
    .waitFor();
  await page.waitForFunction(() => document.activeElement?.id === 'field-petitioner.phone');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'field-petitioner.name');
  expect(await field(clerk, '来电号码').inputValue()).toBe('13733330000');
});

test('on another page a call is a message that leads to the form; nobody else hears it', async () => {
  const phone = await telephone('clerk1', EXTENSION);
  const clerk = await stage.person('clerk1');
  const other = await stage.person('clerk2');
  const page = await clerk.listening('/tickets');
  await other.listening('/intake');
  const [ringing] = await Promise.all([
    page.getByText('有来电').first().waitFor(),
    phone('ring', 'three'),
  ]);
  expect(ringing).toBe(undefined);
  await page.getByRole('link', { name: '去登记' }).click();
  const card = page.getByRole('region', { name: '来电', exact: true });
  await card.getByRole('heading', { name: '来电 未显示号码' }).waitFor();
  await page.waitForFunction(() => document.activeElement?.id === 'field-petitioner.phone');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.activeElement?.id === 'field-content');
  expect(await other.page.getByRole('region', { name: '来电', exact: true }).count()).toBe(0);
  expect(await other.page.getByText('有来电').count()).toBe(0);
});

test('an SMS is a ticket that the clerk is told of', async () => {
  const sms = await system('sms');
  const clerk = await stage.person('clerk1');
  const page = await clerk.listening('/dispatch');
  const began = performance.now();
  await sms('/sms', { message_id: 'm-1', phone: '13744440000', content: '桥头垃圾没人清。' });
  await page
    .getByText(/群众来件 …S\d{4}/)
    .first()
    .waitFor();
  expect(performance.now() - began).toBeLessThan(SOON_MS);
  await page.getByRole('button', { name: /条更新/ }).click();
  await page.getByText('桥头垃圾没人清').first().waitFor();
});
