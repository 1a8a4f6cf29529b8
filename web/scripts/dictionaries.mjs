// Both dictionaries have the same keys and the same named values; so have those that come with
// pages.
import { readFileSync } from 'node:fs';

const read = (name) =>
  ['', 'admin/', 'intake/', 'office/'].map((folder) =>
    JSON.parse(readFileSync(new URL(`../src/i18n/${folder}${name}.json`, import.meta.url), 'utf8')),
  );

const faults = [];
function flat(tree, prefix = '', into = new Map()) {
  for (const [key, value] of Object.entries(tree))
    if (typeof value === 'string') {
      if (into.has(prefix + key)) faults.push(`${prefix}${key} is in two files`);
      into.set(prefix + key, value);
    } else flat(value, `${prefix}${key}.`, into);
  return into;
}

const names = (text) => [...new Set(text.match(/\{[a-zA-Z_]+\}/g) ?? [])].sort().join(' ');
const all = (trees) => {
  const into = new Map();
  for (const tree of trees) flat(tree, '', into);
  return into;
};
const zh = all(read('zh-CN'));
const en = all(read('en'));
for (const [key, text] of zh) {
  if (!en.has(key)) faults.push(`en.json lacks ${key}`);
  else if (names(en.get(key)) !== names(text)) faults.push(`${key}: the named values differ`);
  if (text.trim() === '') faults.push(`zh-CN.json: ${key} is empty`);
}
for (const [key, text] of en) {
  if (!zh.has(key)) faults.push(`zh-CN.json lacks ${key}`);
  if (/[\u4e00-\u9fff]/.test(text) && key !== 'app.otherLanguage')
    faults.push(`en.json: ${key} is Chinese`);
}
for (const fault of faults) console.error(fault);
console.log(`dictionaries: ${zh.size} texts, ${faults.length} faults`);
process.exit(faults.length === 0 ? 0 : 1);
