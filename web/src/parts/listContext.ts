// The list from which a ticket was opened, so that one can go on to the next of it.
const KEY = 'yidan.list';

export function rememberList(numbers: string[]): void {
  sessionStorage.setItem(KEY, numbers.join(' '));
}
/** The number `step` (1, -1) beside `no` in that list. */
export function beside(no: string, step: 1 | -1): string | undefined {
  const numbers = (sessionStorage.getItem(KEY) ?? '').split(' ');
  const at = numbers.indexOf(no);
  return at < 0 ? undefined : numbers[at + step];
}
