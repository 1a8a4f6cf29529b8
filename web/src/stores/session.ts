// Who is signed in.  The secret is in a cookie that no script can read.
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { call, callSignedOut, http, useCredentials, type Schema } from '@/api/http';
import { Problem } from '@/api/errors';
import { eraseDrafts } from '@/lib/draft';

export type Role = Schema['Role'];

export const useSession = defineStore('session', () => {
  const session = shallowRef<Schema['Session'] | null>(null);
  /** The session has ended while a page is open: the dialog over it is shown. */
  const isExpired = ref(false);
  let waiting: ((isRenewed: boolean) => void)[] = [];

  const user = computed(() => session.value?.user ?? null);
  const roles = computed<readonly Role[]>(() => user.value?.roles ?? []);
  /** Somebody else has set the password: nothing but changing it is answered. */
  const mustChangePassword = computed(() => session.value?.must_change_password === true);
  const hasTotp = computed(() => session.value?.totp === true);
  const isSignedIn = computed(() => session.value !== null);
  /** Where the trail stood before the first page asked for anything. */
  const streamAfter = computed(() => session.value?.stream_after);
  const has = (...wanted: readonly Role[]) => roles.value.some((role) => wanted.includes(role));

  /** Ask the server who we are; false when nobody. */
  async function find(): Promise<boolean> {
    try {
      session.value = await callSignedOut(() => http.GET('/api/v1/session'));
      return true;
    } catch (cause) {
      if (cause instanceof Problem && cause.status === 401) return false;
      throw cause;
    }
  }

  async function signIn(body: Schema['SignIn']): Promise<void> {
    const before = user.value?.login;
    session.value = await callSignedOut(() => http.POST('/api/v1/session', { body }));
    if (before !== undefined && before !== user.value?.login) {
      // Somebody else at this desk: nothing of the one before stays on the screen.
      window.location.assign('/');
      return;
    }
    isExpired.value = false;
    tell(true);
  }

  function tell(isRenewed: boolean): void {
    const told = waiting;
    waiting = [];
    for (const one of told) one(isRenewed);
  }

  function renew(): Promise<boolean> {
    if (session.value === null) return Promise.resolve(false);
    isExpired.value = true;
    return new Promise((resolve) => waiting.push(resolve));
  }

  function giveUp(): void {
    isExpired.value = false;
    session.value = null;
    tell(false);
  }

  async function signOut(): Promise<void> {
    const login = user.value?.login;
    if (login !== undefined) eraseDrafts(login);
    await call(() => http.DELETE('/api/v1/session'));
    session.value = null;
  }

  const csrf = computed(() => session.value?.csrf ?? null);
  useCredentials({ csrf: () => csrf.value, renew });
  return {
    user,
    roles,
    csrf,
    mustChangePassword,
    hasTotp,
    isSignedIn,
    streamAfter,
    isExpired,
    has,
    find,
    signIn,
    giveUp,
    signOut,
  };
});
