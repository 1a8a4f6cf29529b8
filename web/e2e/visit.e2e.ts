// Calling back, one after the other, with the number keys.
import { expect, test } from 'vitest';
import { useStage } from './harness';
import { act } from './walk';

const stage = useStage();

test('a digit is the answer, and not in a text', async () => {
  const clerk = await stage.person('clerk2');
  const lines = await clerk.api<{ items: { no: string }[] }>(
    'GET',
    '/tickets?state=feedback&limit=1',
  );
  const no = lines.items[0]?.no ?? '';
  const page = await clerk.open(`/tickets/${no}`);
  await act('回访')(page);
  const dialog = page.getByRole('dialog');
  const chosen = () => dialog.locator('.choice-on').allInnerTexts();
  const connected = dialog.getByRole('group', { name: '接通' });
  await connected.getByRole('radio').first().focus();
  await page.keyboard.press('2');
  expect(await chosen()).toEqual(['是', '基本满意']);
  await page.keyboard.press('4');
  expect(await chosen()).toEqual(['是', '未评价']);
  await page.keyboard.press('5');
  expect(await chosen()).toEqual(['否']);
  await page.keyboard.press('1');
  expect(await chosen()).toEqual(['是', '满意']);
  const comment = dialog.getByRole('textbox').last();
  await comment.fill('来电号码 ');
  await comment.press('3');
  expect(await comment.inputValue()).toBe('来电号码 3');
  expect(await chosen()).toEqual(['是', '满意']);
});
