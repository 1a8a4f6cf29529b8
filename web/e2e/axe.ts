// What axe finds on a page, as lines that say where.  A contrast of 1 : 1 is "incomplete" to axe
// and a fault to us.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import type axe from 'axe-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function faultsOf(page: Page): Promise<string[]> {
  // evaluate() is not bound by the page's policy; a script element would be.  Once for a document.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const results = await page.evaluate(async (tags) => {
    const { axe: run } = window as unknown as { axe: typeof axe };
    return run.run(document, { runOnly: tags, resultTypes: ['violations', 'incomplete'] });
  }, TAGS);
  const lines: string[] = [];
  for (const violation of results.violations)
    for (const node of violation.nodes)
      lines.push(`${violation.id}: ${node.target.join(' ')}\n    ${node.html.slice(0, 160)}`);
  for (const unsure of results.incomplete)
    for (const node of unsure.nodes)
      if (
        [...node.any, ...node.all].some(
          (check) => (check.data as { messageKey?: string } | null)?.messageKey === 'equalRatio',
        )
      )
        lines.push(`equalRatio: ${node.target.join(' ')}`);
  return lines;
}

/** Does the page scroll sideways? */
export function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth + 1);
}
