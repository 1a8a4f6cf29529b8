/* Files of a ticket: each type, what is refused, once and only once. */
import { expect } from '../client.mjs';

export const title = 'attachments';

const zip = (name) => Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(26), Buffer.from(name)]);
const TYPES = {
  'a.jpg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  'a.png': Buffer.from('89504e470d0a1a0a', 'hex'),
  'a.webp': Buffer.from('RIFF\0\0\0\0WEBP'),
  'a.pdf': Buffer.from('%PDF-1.7'),
  'a.docx': zip('word/document.xml'),
  'a.xlsx': zip('xl/workbook.xml'),
  'a.txt': Buffer.from('经核实'),
  'a.mp3': Buffer.from('ID3'),
  'a.amr': Buffer.from('#!AMR\n'),
  'a.mp4': Buffer.from('\0\0\0\x18ftypmp42'),
};

export default async (t) => {
  const { client } = t;
  const ticket = await t.ticketIn('handling');
  const send = (actor, name, kind, body, options = {}) =>
    client.ask(actor, 'POST', `${ticket.target('attachments')}?name=${encodeURIComponent(name)}&kind=${kind}`, { body, ...options });

  // Each type comes and goes as it is; the tenth fills the ticket.
  for (const [name, body] of Object.entries(TYPES)) {
    const added = expect(await send('t01_handler', name, 'reply', body), '201');
    t.holds(name.endsWith(added.json.type), 'its type', added);
    const fetched = await t.get('clerk', added.headers.location);
    t.holds(fetched.body.equals(body), 'the bytes as they came', fetched);
    t.holds(fetched.headers['content-length'] === String(body.length), 'their length', fetched);
  }
  expect(await send('clerk', 'a.txt', 'reply', 'x'), '409 attachment.too_many');
  const list = await t.get('t01_head', ticket.target('attachments'));
  t.holds(list.json.items.map((one) => one.name).join() === Object.keys(TYPES).join(), 'oldest first', list);

  // A ticket with room, for the rest.
  const other = await t.ticketIn('handling');
  const sendOther = (name, body, key) =>
    client.ask('clerk', 'POST', `${other.target('attachments')}?name=${name}&kind=internal`, { body, key });
  expect(await sendOther('a.png', TYPES['a.jpg']), '422 attachment.type name');
  const first = expect(await sendOther('a.txt', '一', 'files-one'), '201');
  const again = expect(await sendOther('a.txt', '一', 'files-one'), '201');
  t.holds(first.json.id === again.json.id, 'once and only once', again);
  expect(await sendOther('a.txt', '二', 'files-one'), '422 idempotency.mismatch');
  const one = await t.get('clerk', other.target('attachments'));
  t.holds(one.json.items.length === 1, 'one file', one);

  // One for later, when its personal data are taken away.
  const word = 'ERASEME';
  const last = await t.ticketIn('closed', { draft: { title: word, content: word, address: word, petitioner: { name: word, phone: '13800005678', contact_note: word } }, reply: { finding: word, measures: word, reply_text: word } });
  const file = expect(await client.ask('clerk', 'POST', `${last.target('attachments')}?name=${word}.txt&kind=reply`, { body: word }), '201');
  t.erasable = { no: last.no, word, attachment: file.json.id };
};
