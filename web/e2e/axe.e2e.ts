// Accessibility (WCAG 2.2 AA) of every stop of the walk, wide and narrow.
//     STOPS='^ticket' npm run e2e -- axe
import { expect, test } from 'vitest';
import { faultsOf, isTooWide } from './axe';
import { NARROW, useStage, WIDE } from './harness';
import { goTo, stops } from './walk';

const stage = useStage();
const only = process.env['STOPS'];

test.each(stops.filter((stop) => only === undefined || new RegExp(only).test(stop.name)))(
  '$name has no fault at 1366 and at 360 px',
  async (stop) => {
    const { page } = await goTo(stage.resident, stop);
    expect(await faultsOf(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await page.setViewportSize(NARROW);
    expect(await faultsOf(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await page.setViewportSize(WIDE);
  },
);
