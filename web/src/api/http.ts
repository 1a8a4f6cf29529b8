// The way to the server: one typed client, and what its answers mean for a page.
import createClient, { type Middleware } from 'openapi-fetch';
import { locale } from '@/i18n';
import { isAttended } from '@/lib/presence';
import { Problem, problemOf } from './errors';
import type { components, paths } from './schema';

export type Schema = components['schemas'];

/** What the session store gives to the client; so the client knows no store. */
interface Credentials {
  csrf: () => string | null;
  /** Ask the person to sign in again; false when the page is given up instead. */
  renew: () => Promise<boolean>;
}
let credentials: Credentials = { csrf: () => null, renew: () => Promise.resolve(false) };
export function useCredentials(given: Credentials): void {
  credentials = given;
}

export const http = createClient<paths>({
  baseUrl: window.location.origin,
  cache: 'no-store',
  querySerializer: { array: { style: 'form', explode: false } },
});

const manners: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', locale());
    const csrf = credentials.csrf();
    if (!isAttended()) request.headers.set('X-Unattended', '1');
    if (request.method !== 'GET' && csrf !== null) request.headers.set('X-CSRF-Token', csrf);
    return request;
  },
};
http.use(manners);

interface Answer<Data> {
  data?: Data | undefined;
  error?: unknown;
  response: Response;
}

async function attempt<Data>(ask: () => Promise<Answer<Data>>): Promise<Data> {
  let answer: Answer<Data>;
  try {
    answer = await ask();
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw Problem.offline();
  }
  if (!answer.response.ok) throw problemOf(answer.error, answer.response);
  return answer.data as Data;
}

/**
 * Ask the server; throws a Problem.  When the session has ended the person signs in over the page
 * and the same request goes out again, so that nothing typed is lost.
 *
 *     const page = await call(() => http.GET('/api/v1/tickets', { params: { query } }));
 */
export function call<Data>(ask: () => Promise<Answer<Data>>): Promise<Data> {
  return renewed(() => attempt(ask));
}

/** The same for what the typed client cannot send; `ask` throws a Problem. */
export async function renewed<Data>(ask: () => Promise<Data>): Promise<Data> {
  try {
    return await ask();
  } catch (cause) {
    const isOver = cause instanceof Problem && cause.status === 401;
    if (!isOver || !(await credentials.renew())) throw cause;
    return ask();
  }
}

/** For signing in itself, and for asking whether one is: a 401 is the answer. */
export const callSignedOut = attempt;
