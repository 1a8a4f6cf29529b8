// The server's policy holds.  That no page breaks it is seen on the walk of stops.e2e.ts.
import { expect, test } from 'vitest';
import { useStage } from './harness';

const stage = useStage();

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
