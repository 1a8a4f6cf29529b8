// What a page costs on the wire (gzip): its own chunk and all it imports, from Vite's manifest.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, 'utf8'));
const entry = 'index.html';
const CITIZEN = 'src/citizen/citizen.ts';
const kB = 1000;

// Pages with a limit of their own; any other page has LIMIT_PAGE.  ui.md, section 8.
const LIMIT_PAGE = 220;
const LIMITS = { login: 110, tickets: 190, intake: 190 };
const LIMIT_CHUNK = 40;
const LIMIT_CHART = 205;
const LIMIT_PINYIN = 145; // a dictionary; the administrator's forms ask for it when a name is typed
const LIMIT_PUBLIC = 12; // the largest page of the citizens, with style and script
const LIMIT_CSS = 15;
const LIMIT_DIST = 2200;
const NO_CHART = ['login', 'tickets', 'intake'];

const sizes = new Map();
function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(dist + file), { level: 9 }).length);
  return sizes.get(file);
}

function closure(key, files = new Set()) {
  const chunk = manifest[key];
  if (files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const other of chunk.imports ?? []) closure(other, files);
  return files;
}

const sum = (files) => [...files].reduce((total, file) => total + size(file), 0) / kB;
const faults = [];
function judge(what, value, limit) {
  const isOver = value > limit;
  if (isOver) faults.push(what);
  console.log(
    `${isOver ? 'OVER' : 'ok  '} ${value.toFixed(1).padStart(7)} kB of ${limit}  ${what}`,
  );
}

const shell = closure(entry);
for (const key of Object.keys(manifest).sort()) {
  const page = /^src\/pages\/(.+)\/Page\.vue$/.exec(key)?.[1];
  if (page === undefined) continue;
  const files = closure(key, new Set(shell));
  judge(page, sum(files), LIMITS[page] ?? LIMIT_PAGE);
  const styles = sum([...files].filter((file) => file.endsWith('.css')));
  if (styles > LIMIT_CSS) judge(`${page}, style sheets`, styles, LIMIT_CSS);
  if (NO_CHART.includes(page) && [...files].some((file) => /chart/i.test(file)))
    faults.push(`${page}: loads a chart`);
}
const pages = fileURLToPath(new URL('../citizen/', import.meta.url));
const gz = (file) => gzipSync(readFileSync(pages + file), { level: 9 }).length / kB;
const page = ['top', 'message', 'errors', 'bottom'].reduce(
  (all, name) => all + gz(`${name}.html`),
  0,
);
judge('a public page', page + gz('citizen.css') + sum(closure(CITIZEN)), LIMIT_PUBLIC);
for (const [key, chunk] of Object.entries(manifest))
  if (chunk.isDynamicEntry && !shell.has(chunk.file)) {
    const limit = /chart/i.test(chunk.file)
      ? LIMIT_CHART
      : /pinyin/.test(chunk.file)
        ? LIMIT_PINYIN
        : LIMIT_CHUNK;
    const own = size(chunk.file) / kB;
    if (own > limit) judge(key, own, limit);
  }

function weigh(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((total, item) => {
    if (item.isDirectory()) return total + weigh(`${folder}${item.name}/`);
    return /\.(gz|br)$/.test(item.name) ? total : total + statSync(folder + item.name).size;
  }, 0);
}
judge('dist, raw', weigh(dist) / kB, LIMIT_DIST);
process.exit(faults.length === 0 ? 0 : 1);
