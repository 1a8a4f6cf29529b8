// A ledger on its way: the file, what its columns are, and sending it, first to be checked only.
import { computed, reactive, ref, shallowRef, watch } from 'vue';
import { asProblem, type FieldProblem, type Problem } from '@/api/errors';
import { renewed, type Schema } from '@/api/http';
import { locale, t } from '@/i18n';
import { randomId } from '@/lib/ids';
import { sendFile } from '@/lib/upload';
import { useMeta } from '@/stores/meta';
import { useSession } from '@/stores/session';
import { FIXED, guess, NEEDED, readPairs, writePairs, type Mapping } from './columns';
import { charsetOf, readCsv, writeCsv, type Charset } from './csv';
import type { SheetRows } from './sheet';

export type Import = Schema['Import'];
const LOOK_BYTES = 256 * 1024;
const LOOK_ROWS = 6; // the header and five more

export type Bring = ReturnType<typeof useBring>;

/** `before`: the pairs of the import before this one. `onSent`: it is on the server's disk. */
export function useBring(
  before: () => { map: string; set: string } | undefined,
  onSent: (one: Import, isSame: boolean) => void,
) {
  const meta = useMeta();
  const session = useSession();
  const fields = computed(() => meta.meta?.enumerations['ledger_field'] ?? []);
  const file = shallowRef<File | null>(null);
  const sheets = shallowRef<SheetRows[]>([]);
  const sheet = ref('');
  const beginning = shallowRef(new Uint8Array());
  const charset = ref<Charset | ''>('');
  const mapping = reactive<Mapping>({});
  const fixed = reactive<Mapping>({});
  const isReading = ref(false);
  const isBusy = ref(false);
  const part = ref(0);
  const problem = shallowRef<Problem | null>(null);
  const wrong = shallowRef<FieldProblem[]>([]);
  const turn = ref(0);
  watch(locale, () => {
    problem.value = null;
    wrong.value = [];
  });

  const rows = computed(() => {
    if (sheets.value.length > 0)
      return sheets.value.find((one) => one.name === sheet.value)?.rows.slice(0, LOOK_ROWS) ?? [];
    return beginning.value.length === 0
      ? []
      : readCsv(new TextDecoder(charset.value || 'utf-8').decode(beginning.value), LOOK_ROWS);
  });
  const heads = computed(() => rows.value[0] ?? []);
  const isReady = computed(() => file.value !== null && heads.value.length > 0);

  watch([heads, fields], () => {
    const last = before();
    Object.assign(mapping, guess(fields.value, heads.value, readPairs(last?.map ?? '')));
    const shared = readPairs(last?.set ?? '');
    for (const word of FIXED) fixed[word] = shared[word] ?? '';
  });

  function refuse(field: string, message: string): void {
    wrong.value = [{ field, message }];
    turn.value += 1;
  }
  async function choose(chosen: File): Promise<void> {
    file.value = null;
    sheets.value = [];
    beginning.value = new Uint8Array();
    wrong.value = [];
    problem.value = null;
    isReading.value = true;
    try {
      const start = new Uint8Array(await chosen.slice(0, LOOK_BYTES).arrayBuffer());
      if (start[0] === 0x50 && start[1] === 0x4b) {
        // A zip: a workbook.
        const found = await (await import('./sheet')).readSheets(chosen);
        sheets.value = found;
        sheet.value = found[0]?.name ?? '';
      } else if (start[0] === 0xd0 && start[1] === 0xcf) {
        refuse('file', t('imports.oldExcel'));
        return;
      } else {
        charset.value = charsetOf(start) ?? '';
        beginning.value = start;
      }
      if (rows.value.length < 2) refuse('file', t('imports.noRows'));
      else file.value = chosen;
    } catch {
      refuse('file', t('imports.unreadable'));
    } finally {
      isReading.value = false;
    }
  }

  /** What is sent: where it is unchanged since a check, that check is of it. */
  const signature = computed(() =>
    [
      file.value?.name,
      file.value?.size,
      file.value?.lastModified,
      sheet.value,
      charset.value,
      writePairs(mapping),
      writePairs(fixed),
    ].join('\n'),
  );
  const checked = shallowRef<{ id: number; signature: string } | null>(null);
  /** Is this import the check of what would be sent now? */
  const isOf = (id: number): boolean =>
    checked.value?.id === id && checked.value.signature === signature.value;

  function isComplete(): boolean {
    if (!isReady.value) {
      refuse('file', t('imports.needFile'));
      return false;
    }
    wrong.value = NEEDED.filter((word) => !mapping[word] && !fixed[word]).map((field) => ({
      field,
      message: t(field in fixed ? 'imports.needColumnOrShared' : 'imports.needColumn'),
    }));
    if (wrong.value.length > 0) turn.value += 1;
    return wrong.value.length === 0;
  }
  function body(): Blob {
    const from = sheets.value.find((one) => one.name === sheet.value);
    return from === undefined
      ? (file.value ?? new Blob())
      : new Blob([writeCsv(from.rows)], { type: 'text/csv' });
  }

  let key = { of: '', id: '' };
  async function send(how: { dry_run: boolean; skip_bad: boolean }): Promise<void> {
    problem.value = null;
    if (isBusy.value || !isComplete()) return;
    const query = new URLSearchParams({
      dry_run: String(how.dry_run),
      skip_bad: String(how.skip_bad),
    });
    const from = sheets.value.length > 0 ? 'utf-8' : charset.value;
    if (from !== '') query.set('charset', from);
    if (writePairs(mapping) !== '') query.set('map', writePairs(mapping));
    if (writePairs(fixed) !== '') query.set('set', writePairs(fixed));
    // The same thing tried again goes out under the same key.
    const of = `${signature.value}\n${query}`;
    if (key.of !== of) key = { of, id: randomId() };
    const sent = signature.value;
    isBusy.value = true;
    part.value = 0;
    try {
      const answer = await renewed(() =>
        sendFile<Import>({
          path: `/api/v1/imports?${query}`,
          type: 'text/csv',
          body: body(),
          key: key.id,
          csrf: session.csrf ?? '',
          onProgress: (now) => (part.value = now),
        }),
      );
      key = { of: '', id: '' };
      if (how.dry_run) checked.value = { id: answer.body.id, signature: sent };
      onSent(answer.body, answer.status === 200);
    } catch (cause) {
      problem.value = asProblem(cause);
      turn.value += 1;
    } finally {
      isBusy.value = false;
    }
  }

  return {
    fields,
    file,
    sheets,
    sheet,
    charset,
    rows,
    heads,
    mapping,
    fixed,
    isReady,
    isReading,
    isBusy,
    part,
    problem,
    wrong,
    turn,
    choose,
    send,
    isOf,
  };
}
