// A page as the real browser puts it on paper.  With PAPERS=folder each is kept there for a person
// to look at.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Person } from './harness';

export interface Paper {
  pages: number;
  size: string;
  /** Without blanks. */
  text: string;
  /** Points: how far text reaches to the left and right, and how wide the paper is. */
  left: number;
  right: number;
  width: number;
  /** What stands on each page, without blanks. */
  sheets: string[];
}

export async function paper(person: Person, name?: string): Promise<Paper> {
  const folder = mkdtempSync(join(tmpdir(), 'yidan-print-'));
  const file = join(folder, 'sheet.pdf');
  try {
    const bytes = await person.page.pdf({ preferCSSPageSize: true });
    writeFileSync(file, bytes);
    const kept = process.env['PAPERS'];
    if (kept !== undefined && name !== undefined) writeFileSync(join(kept, `${name}.pdf`), bytes);
    const ask = (tool: string, ...args: string[]) =>
      execFileSync(tool, [...args, file, ...(tool === 'pdftotext' ? ['-'] : [])], {
        encoding: 'utf8',
      });
    const about = ask('pdfinfo');
    const boxes = ask('pdftotext', '-bbox');
    const edges = (name: string) =>
      [...boxes.matchAll(new RegExp(`${name}="([\\d.]+)"`, 'g'))].map((found) => Number(found[1]));
    const text = ask('pdftotext', '-layout');
    return {
      pages: Number(/Pages:\s+(\d+)/.exec(about)?.[1]),
      size: /Page size:.*?\((\w+)\)/.exec(about)?.[1] ?? about,
      text: text.replace(/[\s\u2060]/g, ''),
      sheets: text
        .split('\f')
        .map((sheet) => sheet.replace(/[\s\u2060]/g, ''))
        .filter((sheet) => sheet !== ''),
      left: Math.min(...edges('xMin')),
      right: Math.max(...edges('xMax')),
      width: Number(/<page width="([\d.]+)"/.exec(boxes)?.[1]),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
