// A one-time password that can be read off paper: no letters that look like another.
const LETTERS = 'abcdefghijkmnpqrstuvwxyz';
const DIGITS = '23456789';

function some(from: string, count: number): string {
  let text = '';
  while (text.length < count) {
    // What is left over at the end of a byte's range would make some letters likelier.
    const [byte = 0] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < 256 - (256 % from.length)) text += from[byte % from.length] ?? '';
  }
  return text;
}

/** "kmwr-4827-tzhq": about 50 bits. */
export function oneTimePassword(): string {
  return `${some(LETTERS, 4)}-${some(DIGITS, 4)}-${some(LETTERS, 4)}`;
}
