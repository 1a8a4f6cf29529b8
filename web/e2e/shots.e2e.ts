// Pictures of every stop for a person to look at, into web/shots:
//     STOPS='^ticket' E2E_ALL=1 npm run e2e -- shots
import { test } from 'vitest';
import { NARROW, useStage, WIDE } from './harness';
import { goTo, stops } from './walk';

const stage = useStage();
const only = process.env['STOPS'];

test.each(stops.filter((stop) => only === undefined || new RegExp(only).test(stop.name)))(
  '$name',
  async (stop) => {
    const person = await goTo(stage.resident, stop);
    await person.shot(`${stop.name}-1366`);
    await person.page.setViewportSize(NARROW);
    await person.shot(`${stop.name}-360`);
    await person.page.setViewportSize(WIDE);
  },
);
