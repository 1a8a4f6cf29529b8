// What a name is found by: its pinyin in full and the initials.  The dictionary is heavy and only
// here: pages that search get the finished key from the server.
import { pinyin } from 'pinyin-pro';

const MAX = 200;

function one(name: string): string[] {
  const syllables = pinyin(name, { toneType: 'none', type: 'array', v: true, nonZh: 'consecutive' })
    .map((part) => part.toLowerCase().replace(/[^a-z0-9]/g, ''))
    .filter((part) => part !== '');
  return [syllables.join(''), syllables.map((part) => part[0]).join('')];
}

/** "daolupohuai dlph" of "道路破损"; of several names each once. */
export function searchKeyOf(names: readonly string[]): string {
  const keys = new Set(names.filter((name) => name.trim() !== '').flatMap(one));
  return [...keys].join(' ').slice(0, MAX);
}
