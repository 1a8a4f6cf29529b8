// A workbook as rows of text.  Loaded when somebody chooses one.
import readWorkbook from 'read-excel-file/universal';

export interface SheetRows {
  name: string;
  rows: string[][];
}
type Cell = string | number | boolean | DateConstructor | Date | null | undefined;

/** As the server reads it: times without zone, numbers as they are. */
export function textOf(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date)
    return cell.toISOString().slice(0, 19).replace('T', ' ').replace(' 00:00:00', '');
  return String(cell);
}

export async function readSheets(file: Blob): Promise<SheetRows[]> {
  const sheets = await readWorkbook(file);
  return sheets
    .filter((sheet) => sheet.data.length > 0)
    .map((sheet) => ({
      name: sheet.sheet,
      rows: sheet.data.map((row, index) =>
        row.map((cell) => {
          const text = textOf(cell as Cell);
          // A comma in a header could not be named in `map`.
          return index === 0 ? text.replace(/\s+/g, '').replaceAll(',', '，') : text;
        }),
      ),
    }));
}
