// The state of one form: what is typed, what the server says of it, and that it is sent once.
import {
  inject,
  provide,
  reactive,
  ref,
  shallowRef,
  watch,
  type InjectionKey,
  type Ref,
} from 'vue';
import { asProblem, Problem } from '@/api/errors';
import { locale, t } from '@/i18n';
import { randomId } from '@/lib/ids';
import type { FormField } from '@/stores/meta';

export type Value = string | boolean | string[] | undefined;
export type Values = Record<string, Value>;

export interface Form {
  values: Values;
  /** What its fields call themselves, by name. */
  labels: Record<string, string>;
  /** Text of a list's field that is none of the list, by name: the form does not go out with it. */
  unfit: Record<string, string>;
  /** Before the names of its fields in the page, where another form has the same ones. */
  prefix: string;
  /** What the server's table says of a field: its kind and bounds. */
  fieldOf: (name: string) => FormField | undefined;
  isRequired: (name: string) => boolean;
  messageOf: (name: string) => string | undefined;
  problem: Ref<Problem | null>;
  /** Counts refusals, so that each is announced. */
  turn: Ref<number>;
  isBusy: Ref<boolean>;
  /** The Idempotency-Key: one for the form's life, so that pressing twice does it once. */
  key: Ref<string>;
  /** What is wrong without asking the server. */
  refuse: (problem: Problem) => void;
  send: <Result>(ask: (key: string) => Promise<Result>) => Promise<Result | undefined>;
}

const formKey: InjectionKey<Form> = Symbol('form');

export function useForm(options: {
  initial?: Values;
  prefix?: string;
  fieldOf: (name: string) => FormField | undefined;
  isRequired: (name: string) => boolean;
}): Form {
  const values = reactive<Values>({ ...options.initial });
  const problem = shallowRef<Problem | null>(null);
  const turn = ref(0);
  const isBusy = ref(false);
  const key = ref(randomId());
  const unfit = reactive<Record<string, string>>({});
  // The refusal was said in the other language, and a write is not repeated to hear it in this one.
  watch(locale, () => (problem.value = null));

  const messageOf = (name: string) =>
    problem.value?.fields.find(
      (one) => one.field === name || one.field.replace(/\[\d+\]$/, '') === name,
    )?.message;

  function refuse(why: Problem): void {
    problem.value = why;
    turn.value += 1;
  }
  async function send<Result>(ask: (key: string) => Promise<Result>): Promise<Result | undefined> {
    if (isBusy.value) return undefined;
    const wrong = Object.entries(unfit).filter(([, text]) => text !== '');
    if (wrong.length > 0) {
      const none = t('common.nothingFound');
      const fields = wrong.map(([field, text]) => ({ field, message: `${none} “${text}”` }));
      refuse(new Problem(422, 'fields', none, fields));
      return undefined;
    }
    isBusy.value = true;
    problem.value = null;
    try {
      const result = await ask(key.value);
      key.value = randomId();
      return result;
    } catch (cause) {
      refuse(asProblem(cause));
      return undefined;
    } finally {
      isBusy.value = false;
    }
  }
  const form: Form = {
    values,
    labels: reactive({}),
    unfit,
    prefix: options.prefix ?? '',
    fieldOf: options.fieldOf,
    isRequired: options.isRequired,
    messageOf,
    problem,
    turn,
    isBusy,
    key,
    refuse,
    send,
  };
  provide(formKey, form);
  return form;
}

export function useFormAround(): Form {
  const form = inject(formKey);
  if (form === undefined) throw new Error('a field stands in a form');
  return form;
}
