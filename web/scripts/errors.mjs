// api/errors.tsv, the only list of errors, as a type: a code that is no more is a compile error.
import { readFileSync, writeFileSync } from 'node:fs';

const codes = readFileSync(new URL('../../api/errors.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t')[0]);

writeFileSync(
  new URL('../src/api/errors.gen.ts', import.meta.url),
  `// Made by scripts/errors.mjs from api/errors.tsv; not to be edited.\nexport type ErrorCode =\n${codes
    .map((code) => `  | '${code}'`)
    .join('\n')};\n`,
);
