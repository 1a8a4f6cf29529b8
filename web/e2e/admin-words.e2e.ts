// Vocabulary, texts, tokens, limits and settings, against the real server.
import { expect, test } from 'vitest';
import { useStage, type Person } from './harness';

const stage = useStage();

interface Category {
  code: string;
  parent: string | null;
  level: number;
  version: number;
  search_key: string;
  unit: string | null;
}
interface List<Item> {
  items: Item[];
}
const list = <Item>(person: Person, path: string) => person.api<List<Item>>('GET', path);

test('a category of the third level is made, and the rest gets its pinyin in one go', async () => {
  const admin = await stage.person('admin');
  for (const code of ['010102', '0101', '01']) {
    const { version } = await admin.api<Category>('GET', `/categories/${code}`);
    await admin.api('PATCH', `/categories/${code}`, { version, search_key: '' });
  }
  const page = await admin.open('/admin/categories');
  await page.getByRole('button', { name: '自动补全' }).click();
  await page.getByText('已补全 3 条拼音').first().waitFor();
  const known = await list<Category>(admin, '/categories?limit=200');
  expect(known.items.filter((one) => one.search_key === '')).toEqual([]);
  expect(known.items.find((one) => one.code === '010102')?.search_key).toBe('ludengzhaoming ldzm');

  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog');
  await dialog.locator('#field-name').fill('人行道铺装');
  await dialog.locator('#field-code').fill('010199');
  await dialog.locator('#field-parent').click();
  await page.keyboard.type('shizheng');
  await page.locator('.combo-item[data-highlighted]', { hasText: '市政设施' }).waitFor();
  await page.keyboard.press('Tab');
  await dialog.locator('#field-unit').click();
  await page.keyboard.type('zhujian');
  await page.locator('.combo-item[data-highlighted]', { hasText: '县住建局' }).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+s');
  await page.getByText('已新建：人行道铺装').first().waitFor();
  const made = await admin.api<Category>('GET', '/categories/010199');
  expect(made).toMatchObject({ parent: '0101', level: 3, unit: 'D11' });
  expect(made.search_key).toBe('renxingdaopuzhuang rxdpz');

  // A clerk finds it at intake by its initials.
  const clerk = await stage.person('clerk1');
  const intake = await clerk.open('/intake');
  await intake.getByRole('combobox', { name: '分类' }).click();
  await intake.keyboard.type('rxdpz');
  await intake.locator('.combo-item', { hasText: '人行道铺装' }).waitFor();
});

test('the tree folds by the arrows', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/areas');
  const village = page.getByText('T0101', { exact: true });
  await village.waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  await village.waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowRight');
  await village.waitFor();
});

test('a village is made below its township and retired again', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/areas');
  await page.getByRole('button', { name: '新建区域' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('#field-name').fill('新桥村');
  await dialog.locator('#field-code').fill('T0199');
  await dialog.locator('#field-parent').click();
  await page.locator('.combo-item', { hasText: '云河镇' }).click();
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.getByText('已新建：新桥村').first().waitFor();
  await page.getByRole('button', { name: '新桥村', exact: true }).click();
  await dialog.getByRole('group', { name: '是否启用' }).getByLabel('否').check();
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.getByText('已保存：新桥村').first().waitFor();
  expect(await admin.api('GET', '/areas/T0199')).toMatchObject({ parent: 'T01', enabled: false });
});

test('a channel whose letter is taken is refused at the field', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/channels');
  await page.getByRole('button', { name: '新建渠道' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('#field-zh').fill('微信小程序');
  await dialog.locator('#field-en').fill('Mini program');
  await dialog.locator('#field-code').fill('mini');
  await dialog.locator('#field-letter').selectOption('R');
  await dialog.getByRole('button', { name: '保存' }).click();
  await dialog.locator('#field-letter[aria-invalid=true]').waitFor();
  await dialog.locator('#field-letter').selectOption('M');
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.getByText('已新建：微信小程序').first().waitFor();
  expect(await admin.api('GET', '/channels/mini')).toMatchObject({ letter: 'M', workdays: 5 });
});

test('a phrase comes and goes', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/phrases');
  await page.getByRole('button', { name: '新建用语' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('#field-text').fill('研究后再说');
  await dialog.getByRole('button', { name: '保存' }).click();
  const row = page.getByRole('button', { name: '研究后再说', exact: true });
  await row.click();
  await dialog.getByRole('button', { name: '删除' }).click();
  await dialog.getByRole('button', { name: '删除' }).click();
  await row.waitFor({ state: 'detached' });
});

test('a unit head keeps the templates of the own unit and no others', async () => {
  const head = await stage.person('d11-head');
  const page = await head.open('/admin/templates');
  await page.getByRole('button', { name: '新建模板' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('#field-title').fill('供暖答复');
  await dialog.locator('#field-text').fill('您好，（地点）的供暖已于（时间）恢复。');
  await dialog.getByRole('button', { name: '保存' }).click();
  await page.getByText('已新建：供暖答复').first().waitFor();
  const { items } = await list<{ title: string; unit: string | null }>(head, '/templates');
  expect(items.find((one) => one.title === '供暖答复')?.unit).toBe('D11');
  await page.getByRole('button', { name: '一般答复', exact: true }).click();
  await dialog.waitFor();
  expect(await dialog.getByRole('button', { name: '保存' }).count()).toBe(0);
  expect(await dialog.getByRole('button', { name: '删除' }).count()).toBe(0);
});

test('a token is shown once, opens what it may, and is shut when it is deleted', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/tokens');
  await page.getByRole('button', { name: '新建令牌' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('#field-name').fill('台账程序');
  await dialog.getByLabel('导入台账').check();
  await dialog.getByRole('button', { name: '保存' }).click();
  const slip = page.getByRole('dialog', { name: '新令牌' });
  const secret = (await slip.getByText(/^yidan_\d+_/).innerText()).trim();
  await slip.getByRole('button', { name: '已保存好' }).click();
  await slip.waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain(secret);
  const ask = () =>
    fetch(`${stage.url()}/api/v1/imports`, { headers: { Authorization: `Bearer ${secret}` } });
  expect((await ask()).status).toBe(200);
  await page.getByRole('button', { name: '台账程序', exact: true }).click();
  await dialog.getByRole('button', { name: '删除' }).click();
  await dialog.getByRole('button', { name: '删除' }).click();
  await page.getByText('已删除：台账程序').first().waitFor();
  expect((await ask()).status).toBe(401);
});

test('limits are judged together, saved by Ctrl+S and brought back to the default', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/limits');
  const sign = page.getByLabel('签收 一般：数量');
  await sign.fill('900');
  await page.keyboard.press('Control+s');
  await page
    .getByRole('alert')
    .getByRole('link', { name: /签收 一般/ })
    .click();
  await page.waitForFunction(() => document.activeElement?.id === 'field-steps.sign.normal');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('2');
  await page.getByLabel('免打扰开始').fill('21:00');
  await page.getByText('2 处改动未保存').waitFor();
  await page.keyboard.press('Control+s');
  await page.getByText('没有改动').waitFor();
  interface Limits {
    steps: { step: string; urgency: string; amount: number }[];
    scalars: { name: string; value: number }[];
  }
  const now = async () => {
    const limits = await admin.api<Limits>('GET', '/limits');
    return [
      limits.steps.find((one) => one.step === 'sign' && one.urgency === 'normal')?.amount,
      limits.scalars.find((one) => one.name === 'quiet_from_s')?.value,
    ];
  };
  expect(await now()).toEqual([2, 21 * 3600]);
  await page.getByRole('button', { name: '签收 一般：恢复默认' }).click();
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('没有改动').waitFor();
  expect((await now())[0]).toBe(1);
});

test('what the county is called counts at once', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/settings');
  const name = page.getByLabel(/^县名/);
  await name.fill('');
  await page.getByRole('button', { name: '保存' }).click();
  await page.locator('#field-county_name[aria-invalid=true]').waitFor();
  await name.fill('云水县');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('没有改动').waitFor();
  const answer = await fetch(`${stage.url()}/public/help`);
  expect(await answer.text()).toContain('云水县');
});

test('of two administrators nobody overwrites the other unseen', async () => {
  interface Settings {
    version: number;
    items: { name: string; value: string | number }[];
  }
  const [one, other] = [await stage.person('admin'), await stage.person('admin')];
  const now = async (...names: string[]) => {
    const { items } = await one.api<Settings>('GET', '/settings');
    return names.map((name) => items.find((row) => row.name === name)?.value);
  };
  const [first, second] = [await one.open('/admin/settings'), await other.open('/admin/settings')];
  const save = (page: typeof first) => page.getByRole('button', { name: '保存' }).click();
  const hotline = second.getByLabel(/^热线号码/);
  const word = second.getByLabel(/^文号的代字/);
  await first.getByLabel(/^热线号码/).fill('0111-12345');
  await first.getByLabel(/^草稿保留天数/).fill('45');
  await save(first);
  await first.getByText('没有改动').waitFor();

  // The second one had another value for the same line: they see it, and nothing is overwritten.
  await hotline.fill('0222-12345');
  await word.fill('溪');
  await save(second);
  const alert = second.getByRole('alert');
  await alert.getByText('现为“0111-12345”，您填的是“0222-12345”').waitFor();
  await alert.getByText('现为“45 天”').waitFor();
  expect(await now('hotline', 'document_word')).toEqual(['0111-12345', '']);

  // Upon the newest: what was typed is still here, the rest is theirs.
  await alert.getByRole('button', { name: '载入最新内容并保留我的修改' }).click();
  await second.getByText('2 处改动未保存').waitFor();
  expect(await hotline.inputValue()).toBe('0222-12345');
  expect(await second.getByLabel(/^草稿保留天数/).inputValue()).toBe('45');
  await second.keyboard.press('Control+s');
  await second.getByText('没有改动').waitFor();
  expect(await now('hotline', 'document_word', 'draft_days')).toEqual(['0222-12345', '溪', 45]);

  // Now the first one is behind, and gives up.
  await first.getByLabel(/^热线号码/).fill('0333-12345');
  await save(first);
  await first.getByRole('alert').getByRole('button', { name: '放弃我的修改' }).click();
  await first.getByText('您的修改没有保存').waitFor();
  await first.getByText('没有改动').waitFor();
  expect(await first.getByLabel(/^热线号码/).inputValue()).toBe('0222-12345');
  expect(await now('hotline')).toEqual(['0222-12345']);
});

test('limits: what somebody else set comes in beside what was typed', async () => {
  const admin = await stage.person('admin');
  const page = await admin.open('/admin/limits');
  await page.getByLabel('签收 紧急：数量').fill('90');
  const { version } = await admin.api<{ version: number }>('GET', '/limits');
  await admin.api('PATCH', '/limits', {
    version,
    steps: { sign: { urgent: { amount: 60 } }, review: { normal: { amount: 2 } } },
  });
  await page.keyboard.press('Control+s');
  const alert = page.getByRole('alert');
  await alert.getByText('签收 紧急：现为“1 小时”，您填的是“90 分钟”').waitFor();
  await alert.getByText('审核 一般：现为“2 个工作日”').waitFor();
  await alert.getByRole('button', { name: '载入最新内容并保留我的修改' }).click();
  await page.getByText('1 处改动未保存').waitFor();
  await page.keyboard.press('Control+s');
  await page.getByText('没有改动').waitFor();
  interface Limits {
    steps: { step: string; urgency: string; amount: number }[];
  }
  const { steps } = await admin.api<Limits>('GET', '/limits');
  const amount = (step: string, urgency: string) =>
    steps.find((one) => one.step === step && one.urgency === urgency)?.amount;
  expect([amount('sign', 'urgent'), amount('review', 'normal')]).toEqual([90, 2]);
});
