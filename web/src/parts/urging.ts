// One urging text for many tickets: what is typed, what came back, and who was refused and why.
import { computed, reactive, ref, watch, type Ref } from 'vue';
import { asProblem } from '@/api/errors';
import { call, http, type Schema } from '@/api/http';
import { locale, t } from '@/i18n';
import { randomId } from '@/lib/ids';
import { useLive } from '@/stores/live';
import { toast } from '@/ui/toasts';

const MOST = 100; // of one request
const SHOWN = 5; // in the preview

export function useUrging(tickets: Readonly<Ref<readonly string[]>>) {
  const live = useLive();
  const note = ref(t('urging.text'));
  /** What is wrong with the text; and with anything else. */
  const message = ref<string>();
  const problem = ref<string>();
  // What was said in the other language is not repeated in this one.
  watch(locale, () => (message.value = problem.value = undefined));
  const refused = ref<{ no: string; why: string }[]>([]);
  const isBusy = ref(false);
  const tooMany = computed(() =>
    tickets.value.length > MOST ? t('urging.tooMany', { count: MOST }) : undefined,
  );
  const why: Record<string, string> = {
    not_found: t('urging.notFound'),
    'ticket.wrong_state': t('urging.wrongState'),
  };
  // The same tickets with the same text are urged once, however often the button is pressed.
  let key = { of: '', is: '' };
  function keyOf(body: Schema['UrgesDraft']): string {
    const of = JSON.stringify(body);
    if (key.of !== of) key = { of, is: randomId() };
    return key.is;
  }

  function tell(cause: unknown): void {
    const found = asProblem(cause);
    message.value = found.fields.find((one) => one.field === 'note')?.message;
    if (message.value === undefined) problem.value = found.message;
  }

  /** The numbers that were urged; undefined when nothing was asked or nobody answered. */
  async function send(): Promise<string[] | undefined> {
    if (isBusy.value || tickets.value.length === 0 || tooMany.value !== undefined) return undefined;
    message.value = note.value.trim() === '' ? t('urging.needsText') : undefined;
    problem.value = undefined;
    refused.value = [];
    if (message.value !== undefined) return undefined;
    isBusy.value = true;
    const body = { tickets: [...tickets.value], note: note.value.trim() };
    try {
      const { urged, items } = await call(() =>
        http.POST('/api/v1/urges', {
          params: { header: { 'Idempotency-Key': keyOf(body) } },
          body,
        }),
      );
      key = { of: '', is: '' };
      refused.value = items
        .filter((one) => !one.urged)
        .map((one) => ({ no: one.ticket, why: why[one.code ?? ''] ?? one.code ?? '' }));
      if (urged > 0) toast(t('urging.urged', { count: urged }));
      live.changed();
      return items.filter((one) => one.urged).map((one) => one.ticket);
    } catch (cause) {
      tell(cause);
      return undefined;
    } finally {
      isBusy.value = false;
    }
  }
  /** What the first of them would get. */
  const shown = ref<{ no: string; text: string }[]>();
  async function preview(): Promise<void> {
    shown.value = undefined;
    message.value = note.value.trim() === '' ? t('urging.needsText') : undefined;
    if (message.value !== undefined || tickets.value.length === 0) return;
    try {
      const { items } = await call(() =>
        http.POST('/api/v1/urges/preview', {
          body: { tickets: tickets.value.slice(0, SHOWN), note: note.value.trim() },
        }),
      );
      shown.value = items.map((one) => ({
        no: one.ticket,
        text: one.text ?? why['not_found'] ?? '',
      }));
    } catch (cause) {
      tell(cause);
    }
  }
  // What was shown is not what would be sent any more.
  watch([note, tickets], () => (shown.value = undefined));
  /** A word in braces that stands for each ticket's own value. */
  function put(word: string): void {
    note.value = `${note.value}{${word}}`;
  }
  return reactive({ shown, preview, put, note, message, problem, refused, isBusy, tooMany, send });
}
