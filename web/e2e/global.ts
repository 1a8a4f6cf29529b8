// Once for a run: the made-up county that every file begins with, made by the program itself.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export default function setup(): () => void {
  const program = resolve(process.env['YIDAN'] ?? '../build/yidan');
  const folder = mkdtempSync(join(tmpdir(), 'yidan-e2e-'));
  process.env['YIDAN'] = program;
  process.env['E2E_COUNTY'] = join(folder, 'county');
  execFileSync(program, ['init', '--data', join(folder, 'county'), '--demo'], { stdio: 'pipe' });
  return () => rmSync(folder, { recursive: true, force: true });
}
