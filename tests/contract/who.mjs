/*
 * who.mjs - for steps that walk over all operations: who may call one, by the
 * server's own table (tests/golden/routes.txt), and what stands in its path.
 */
import { readFileSync } from 'node:fs';

const table = new Map();
for (const line of readFileSync(new URL('../golden/routes.txt', import.meta.url), 'utf8').split('\n')) {
  const [method, path, , roles, scope] = line.split(' ');
  /* Where no user may, the system with a token of the (first) scope; see county.mjs. */
  if (path !== undefined && !line.startsWith('#'))
    table.set(`${method} ${path}`, roles === 'no-user' ? [`system-${scope.slice('token:'.length)}`] : roles.split(','));
}

/* What stands for {name} below a segment: something that is there, and something that is not. */
const VALUES = {
  'tickets/{no}': [undefined, '20260101-R9999'], 'users/{login}': ['clerk', 'nobody'], 'units/{code}': ['T01', 'NOBODY'],
  'upstream/{platform}': ['city', 'nowhere'],
  'sessions/{id}': ['999998', '999999'],
  'tokens/{id}': ['999998', '999999'], 'areas/{code}': ['T01', 'NOBODY'], 'categories/{code}': ['01', 'NOBODY'], 'channels/{code}': ['phone', 'NOBODY'],
  'calendar/{date}': ['2026-03-12', '2026-02-30'], 'attachments/{id}': [undefined, 'nothing'],
  'published/{month}': ['2026-02', '2026-13'],
  'bulletins/{id}': ['1', '999999'],
  'imports/{id}': ['1', 'nothing'],
  /* Everybody's own, or made by whoever tries it out: there is none that all steps could use. */
  'phrases/{id}': ['999999', 'nothing'], 'templates/{id}': ['999999', 'nothing'], 'views/{id}': ['999999', 'nothing'],
  'exports/{id}': ['999999', 'nothing'],
  'drafts/{form}/{subject}': ['intake/none', 'no.form/x'],
  'print/{form}': ['dossier', 'dossier'],
};

/*
 * Somebody with a role that may: the clerk where that does, otherwise the
 * administrator or who has the first role of the row.  Null: no session needed.
 * One action's own right is asked after its body, so any of the staff will do.
 */
export function someoneFor({ method, path, action }, clerk = 'clerk') {
  const roles = table.get(`${method} ${path}`) ?? (action === null ? undefined : table.get(`${method} /api/v1/tickets/{no}/{action}`));
  if (roles === undefined) throw new Error(`${method} ${path} is not in tests/golden/routes.txt`);
  if (roles[0] === 'anyone') return null;
  if (roles[0] === 'signed-in' || roles.includes('clerk')) return clerk;
  const wide = ['admin', 'supervisor'].find((role) => roles.includes(role));
  return wide ?? (roles[0] === 'handler' ? 't01_handler' : roles[0]);
}

function fill(path, which, values) {
  return path.replaceAll(/([a-z-]+)\/\{(\w+)\}(?:\/\{\w+\})?/g, (where, segment, name) => {
    const value = values[name] ?? VALUES[where]?.[which];
    if (value === undefined) throw new Error(`what is {${name}} of ${path}? say it in who.mjs`);
    return `${segment}/${value}`;
  });
}

export const pathOf = ({ path }, values = {}) => fill(path, 0, values);
export const nowherePathOf = ({ path }) => fill(path, 1, {});

/* The last name in its path that is there. */
export const nameIn = ({ path }) => VALUES[/[a-z-]+\/\{\w+\}(?:\/\{\w+\})?(?!.*\{)/.exec(path)?.[0]]?.[0];
