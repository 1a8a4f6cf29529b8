// The server's policy forbids nothing that the pages do, and the browser complains of nothing.
import { expect, test } from 'vitest';
import { useStage } from './harness';
import { goTo, stops } from './walk';

const stage = useStage();
// What a walk brings about on purpose: a request that is refused is noted by the browser.
const EXPECTED =
  /Failed to load resource: the server responded with a status of (400|401|403|404|422)/;

test('nobody complains on the way through all pages', async () => {
  for (const stop of stops) {
    const person = await goTo(stage.resident, stop);
    const found = person.complaints.filter((text) => !EXPECTED.test(text));
    expect(found, stop.name).toEqual([]);
  }
}, 180_000);

test('the policy bites: a style in a text is refused', async () => {
  const person = await stage.person('clerk1');
  await person.open('/me');
  const refused = await person.page.evaluate(
    () =>
      new Promise<string>((done) => {
        document.addEventListener('securitypolicyviolation', (event) =>
          done(event.violatedDirective),
        );
        document.createElement('div').innerHTML = '<p style="color: red"></p>';
      }),
  );
  expect(refused).toContain('style-src');
});
