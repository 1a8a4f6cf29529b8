// messages.mjs - what citizens write: the real messages when YIDAN_MESSAGES names
// them, otherwise as many made up here.
import { readFileSync } from 'node:fs';

/** RFC 4180: quoted fields may hold commas, quotes and line breaks. */
export function parseCsv(text) {
  const rows = [];
  let row = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c !== '"') field += c;
      else if (text[i + 1] === '"') { field += '"'; i++; } else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === ',') { row.push(field); field = ''; } else if (c === '\n') {
      row.push(field.replace(/\r$/, ''));
      rows.push(row);
      row = [];
      field = '';
    } else field += c;
  }
  if (field !== '' || row.length > 0) rows.push([...row, field]);
  const [head, ...rest] = rows;
  return rest.map((values) => Object.fromEntries(head.map((name, i) => [name, values[i]])));
}

const PLACES = ['东街', '西关村', '人民路中段', '滨河小区三号楼', '县一中门口', '南环路', '北山村二组', '老汽车站'];
const MATTERS = ['路灯不亮', '自来水浑浊', '垃圾无人清运', '夜间施工噪音扰民', '暖气不热', '道路坑洼积水', '井盖松动', '公交班次太少'];
const ASKS = ['请尽快派人查看。', '希望有关部门给个答复。', '已经反映过一次，仍未解决。', '老人孩子出行很不方便。'];

export function loadMessages(count) {
  const path = process.env.YIDAN_MESSAGES;
  if (path) return { isReal: true, messages: parseCsv(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')) };
  const messages = [];
  for (let i = 0; i < count; i++) {
    const title = `${PLACES[i % PLACES.length]}${MATTERS[(i * 3) % MATTERS.length]}`;
    messages.push({
      no: String(i + 1),
      title,
      content: `${title}，已有${1 + (i % 20)}天。\n${ASKS[i % ASKS.length].repeat(1 + (i % 7))}`,
      reply: `您好，关于您反映的${title}一事，经现场核实，情况属实，已安排维修并于当日恢复，感谢您的监督。`.repeat(1 + (i % 3)),
    });
  }
  return { isReal: false, messages };
}

/** What the contract lets through: bounds, no control characters, not blank. */
export function clean(text, most) {
  // eslint-disable-next-line no-control-regex
  const plain = text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '').trim();
  return [...plain].slice(0, most).join('');
}
