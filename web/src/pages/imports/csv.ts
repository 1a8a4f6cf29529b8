// As much of CSV as one needs to see what a file holds, and to write one out of a sheet.
export type Charset = 'utf-8' | 'gb18030';

/** The first `most` rows; a quoted cell may hold commas, quotes and line breaks. */
export function readCsv(text: string, most: number): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endCell = (): void => {
    row.push(cell.trim());
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    rows.push(row);
    row = [];
  };
  let at = text.startsWith('\ufeff') ? 1 : 0;
  for (; at < text.length && rows.length < most; at++) {
    const sign = text[at] ?? '';
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (sign === '"' && cell.trim() === '') {
      cell = '';
      isQuoted = true;
    } else if (sign === ',') endCell();
    else if (sign === '\n' || sign === '\r') {
      if (sign === '\r' && text[at + 1] === '\n') at += 1;
      endRow();
    } else cell += sign;
  }
  if (rows.length < most && (cell !== '' || row.length > 0)) endRow();
  return rows;
}

export function writeCsv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) =>
    /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** How the beginning of a file reads; null where it is all ASCII, and the server looks further. */
export function charsetOf(bytes: Uint8Array): Charset | null {
  const end = bytes.findIndex((byte) => byte === 10 || byte === 13);
  const head = end < 0 ? bytes : bytes.subarray(0, end);
  const isPlain = (some: Uint8Array) => some.every((byte) => byte < 0x80);
  const told = isPlain(head) ? bytes : head;
  if (isPlain(told)) return null;
  try {
    // What was cut at the end of a piece is no fault of it.
    new TextDecoder('utf-8', { fatal: true }).decode(told, { stream: true });
    return 'utf-8';
  } catch {
    return 'gb18030';
  }
}
