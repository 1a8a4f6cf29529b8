// Made-up old ledgers, as offices keep them: CSV, GB18030, a workbook.
import { crc32 } from 'node:zlib';

/** Rows 3, 4 and 6 are bad, row 6 twice. */
export const FAULTY = [
  '工单编号,渠道,受理时间,内容,承办单位,交办时间,电话',
  'OLD-2,热线电话,2019-04-25 09:00,路灯不亮,D11,2019-04-25 10:00,13800000002',
  'OLD-3,飞鸽,2019-04-25 09:00,井盖松动,D11,2019-04-25 10:00,13800000003',
  'OLD-4,热线电话,2019-02-30,水压不足,D11,2019-04-25 10:00,13800000004',
  'OLD-5,热线电话,2019-04-26 09:00,"垃圾未清运,有异味",D11,2019-04-26 10:00,13800000005',
  'OLD-6,热线电话,2019-04-26 09:00,,D11,2019-04-26 10:00,12',
  'OLD-7,热线电话,2019-04-26 11:00,树枝挡住信号灯,D11,2019-04-26 12:00,13800000007',
].join('\r\n');

let codes: Map<string, [number, number]> | null = null;
/** As office programs in China save it; two-byte characters and ASCII. */
export function gb18030(text: string): Buffer {
  if (codes === null) {
    const decoder = new TextDecoder('gb18030');
    codes = new Map();
    for (let first = 0x81; first < 0xff; first++)
      for (let second = 0x40; second < 0xff; second++)
        if (second !== 0x7f)
          codes.set(decoder.decode(new Uint8Array([first, second])), [first, second]);
  }
  return Buffer.from(
    [...text].flatMap((sign) => (sign < '\x80' ? [sign.charCodeAt(0)] : (codes?.get(sign) ?? []))),
  );
}

/** A zip whose files are stored as they are. */
function zip(files: [string, string][]): Buffer {
  const parts: Buffer[] = [];
  const entries: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of files) {
    const bytes = Buffer.from(text);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); // version; flags, method, time: 0
    common.writeUInt16LE(0x21, 8); // 1980-01-01
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), bytes]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    entries.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, rest, Buffer.from(name)]),
    );
    parts.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(entries);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(index.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, index, Buffer.from('PK\x05\x06'), end]);
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';

/** A workbook of one sheet; a Date (its UTC time is what the cell shows) and a number stay such. */
export function workbook(rows: (string | number | Date | null)[][]): Buffer {
  const cellOf = (value: string | number | Date | null, at: string): string => {
    if (value === null) return '';
    if (value instanceof Date)
      return `<c r="${at}" s="1"><v>${value.getTime() / 86_400_000 + 25_569}</v></c>`;
    if (typeof value === 'number') return `<c r="${at}"><v>${value}</v></c>`;
    return `<c r="${at}" t="inlineStr"><is><t>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</t></is></c>`;
  };
  const sheet = rows
    .map((row, y) => {
      const cells = row.map((value, x) => cellOf(value, `${String.fromCharCode(65 + x)}${y + 1}`));
      return `<row r="${y + 1}">${cells.join('')}</row>`;
    })
    .join('');
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return zip([
    [
      '[Content_Types].xml',
      `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/></Types>`,
    ],
    [
      '_rels/.rels',
      `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      'xl/workbook.xml',
      `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    ],
    [
      'xl/_rels/workbook.xml.rels',
      `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    ],
    [
      'xl/styles.xml',
      `${XML}<styleSheet xmlns="${MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ],
    [
      'xl/worksheets/sheet1.xml',
      `${XML}<worksheet xmlns="${MAIN}"><sheetData>${sheet}</sheetData></worksheet>`,
    ],
  ]);
}
