// A page as the real browser puts it on paper.
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
  /** Points: how far text reaches to the right, and how wide the paper is. */
  right: number;
  width: number;
}

export async function paper(person: Person): Promise<Paper> {
  const folder = mkdtempSync(join(tmpdir(), 'yidan-print-'));
  const file = join(folder, 'sheet.pdf');
  try {
    writeFileSync(file, await person.page.pdf({ preferCSSPageSize: true }));
    const ask = (tool: string, ...args: string[]) =>
      execFileSync(tool, [...args, file, ...(tool === 'pdftotext' ? ['-'] : [])], {
        encoding: 'utf8',
      });
    const about = ask('pdfinfo');
    const boxes = ask('pdftotext', '-bbox');
    const edges = [...boxes.matchAll(/xMax="([\d.]+)"/g)].map((found) => Number(found[1]));
    return {
      pages: Number(/Pages:\s+(\d+)/.exec(about)?.[1]),
      size: /Page size:.*?\((\w+)\)/.exec(about)?.[1] ?? about,
      text: ask('pdftotext', '-layout').replace(/\s/g, ''),
      right: Math.max(...edges),
      width: Number(/<page width="([\d.]+)"/.exec(boxes)?.[1]),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
