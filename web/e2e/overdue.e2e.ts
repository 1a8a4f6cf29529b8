// Urging many with one text: each once, and what was not taken stays marked.
import { expect, test } from 'vitest';
import { useStage } from './harness';

const stage = useStage();

interface Lines {
  items: { no: string; urge_count: number }[];
}

test('two late tickets are urged with one text', async () => {
  const supervisor = await stage.person('supervisor1');
  const page = await supervisor.open('/overdue');
  const before = (await supervisor.api<Lines>('GET', '/tickets?light=red&sort=due&limit=100'))
    .items;
  const picked = before.slice(0, 2);
  expect(picked.length).toBe(2);
  for (const one of picked) await page.getByLabel(`选择 ${one.no}`).check();
  await page.getByLabel('催办内容').fill(' ');
  await page.getByRole('button', { name: /2 件/ }).click();
  await page.getByText('请写明催办内容').waitFor();
  await page.getByLabel('催办内容').fill('请今天下班前报送办理情况。');
  await page.getByRole('button', { name: /2 件/ }).click();
  await page.getByText('已催办 2 件').first().waitFor();
  const after = (await supervisor.api<Lines>('GET', '/tickets?light=red&sort=due&limit=100')).items;
  for (const one of picked)
    expect(after.find((now) => now.no === one.no)?.urge_count).toBe(one.urge_count + 1);
  expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0);
});
