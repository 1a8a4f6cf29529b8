// The citizens' pages, which are the server's own and work without this: with it a message may
// bring photos.  The form goes out as it would have, the page that answers takes its place, and the
// files follow, shown with the number and the query code that are there already.
import { smaller } from '@/lib/photo';
import { randomId } from '@/lib/ids';
import { sendFile } from './send';

/** Chosen, in this order; they outlive the form, which may come back with an error. */
let chosen: File[] = [];

const part = <E extends Element>(name: string, within: ParentNode = document): E | null =>
  within.querySelector<E>(`[data-enhance="${name}"]`);

function say(within: Element, role: string, text: string): void {
  const place = within.querySelector(`[role="${role}"]`);
  if (place !== null) place.textContent = text;
}

function line(list: Element, text: string): { item: HTMLElement; what: HTMLElement } {
  const item = document.createElement('li');
  const what = document.createElement('span');
  what.className = 'what';
  what.textContent = text;
  item.append(what);
  list.append(item);
  return { item, what };
}

function button(text: string, name: string, pressed: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'second';
  made.textContent = text;
  made.setAttribute('aria-label', `${text} ${name}`);
  made.addEventListener('click', pressed);
  return made;
}

// --- Choosing --------------------------------------------------------------------------------

function showChosen(photos: HTMLElement): void {
  const list = photos.querySelector('.files');
  if (list === null) return;
  list.textContent = '';
  for (const file of chosen) {
    const { item } = line(list, file.name);
    item.append(
      button(photos.dataset['remove'] ?? '', file.name, () => {
        chosen = chosen.filter((one) => one !== file);
        showChosen(photos);
        photos.querySelector<HTMLElement>('input')?.focus();
      }),
    );
  }
}

async function take(photos: HTMLElement, files: File[]): Promise<void> {
  let wrong = '';
  for (const file of files) {
    const small = await smaller(file);
    if (small.size > Number(photos.dataset['bytes']))
      wrong = `${file.name}: ${photos.dataset['tooLarge'] ?? ''}`;
    else if (chosen.length >= Number(photos.dataset['most']))
      wrong = photos.dataset['tooMany'] ?? '';
    else chosen.push(small);
  }
  say(photos, 'alert', wrong);
  showChosen(photos);
}

// --- Sending ---------------------------------------------------------------------------------

/** The files one after another; what fails can be tried again, with the same key. */
async function sendAll(files: HTMLElement): Promise<void> {
  const words = files.dataset;
  const list = files.querySelector('.files');
  if (list === null) return;
  files.hidden = false;
  const waiting = chosen.map((file) => {
    const { item, what } = line(list, `${file.name} · ${words['waiting'] ?? ''}`);
    return { file, item, what, key: randomId() };
  });
  chosen = [];
  const left = new Set(waiting);
  const tell = () => say(files, 'status', (left.size === 0 ? words['all'] : words['some']) ?? '');
  const send = async (one: (typeof waiting)[number]): Promise<void> => {
    const bar = document.createElement('progress');
    bar.setAttribute('aria-label', one.file.name);
    one.item.querySelector('button')?.remove();
    one.what.textContent = `${one.file.name} · ${words['sending'] ?? ''}`;
    one.what.append(bar);
    const fault = await sendFile(one.file, one.key, words['token'] ?? '', (done) => {
      bar.value = done;
    });
    one.what.textContent = `${one.file.name} · ${fault === null ? (words['sent'] ?? '') : fault || (words['failed'] ?? '')}`;
    if (fault === null) left.delete(one);
    else
      one.item.append(
        button(words['retry'] ?? '', one.file.name, () => {
          void send(one).then(tell);
        }),
      );
  };
  for (const one of waiting) await send(one);
  tell();
}

/** The page that the server answered in place of this one, as after a form without a script. */
function turnTo(html: string): void {
  const page = new DOMParser().parseFromString(html, 'text/html');
  document.title = page.title;
  document.body.replaceChildren(...Array.from(page.body.childNodes));
  window.scrollTo(0, 0);
  const heading = document.querySelector<HTMLElement>('.summary') ?? document.querySelector('h1');
  if (heading !== null) {
    heading.tabIndex = -1;
    heading.focus();
  }
  enhance();
  const files = part<HTMLElement>('files');
  if (files !== null && chosen.length > 0) void sendAll(files);
}

async function submit(form: HTMLFormElement, photos: HTMLElement): Promise<void> {
  const press = form.querySelector<HTMLButtonElement>('button[type="submit"]');
  const word = press?.textContent ?? '';
  if (press !== null) {
    press.disabled = true;
    press.textContent = photos.dataset['sending'] ?? '';
  }
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form))
    if (typeof value === 'string') body.append(name, value);
  try {
    const answer = await fetch(form.action, { method: 'POST', body });
    turnTo(await answer.text());
  } catch {
    // The form's token makes the second try the same message.
    say(photos, 'alert', photos.dataset['offline'] ?? '');
    if (press !== null) {
      press.disabled = false;
      press.textContent = word;
      press.focus();
    }
  }
}

function enhance(): void {
  const form = part<HTMLFormElement>('message');
  const photos = part<HTMLElement>('photos');
  const input = photos?.querySelector('input');
  if (form === null || photos === null || input == null) return;
  photos.hidden = false;
  showChosen(photos);
  input.addEventListener('change', () => {
    const files = Array.from(input.files ?? []);
    input.value = '';
    void take(photos, files);
  });
  form.addEventListener('submit', (event) => {
    if (chosen.length === 0) return; // as without a script
    event.preventDefault();
    void submit(form, photos);
  });
}

enhance();
