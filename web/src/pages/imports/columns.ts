// Which column of a file is which field of the ledger.  Fields, their words and their labels are
// those of /meta (`ledger_field`); the other names that columns usually have stand here, as the
// server knows them.
const OTHER_NAMES: Record<string, string> = {
  no: '编号|单号|工单号',
  channel: '受理渠道|来源渠道|来源',
  upstream: '来源平台',
  upstream_no: '平台编号|上级工单号',
  received_at: '接收时间|登记时间|来电时间|留言时间',
  kind: '类型|诉求性质',
  title: '主题|诉求标题',
  content: '诉求内容|主要内容|留言详情',
  demand: '具体诉求',
  respondent: '被投诉对象|被反映单位',
  area: '所属区域|乡镇|所属乡镇',
  address: '事发地址|详细地址',
  category: '类别|诉求分类',
  urgency: '',
  petitioner_name: '诉求人|来信人|联系人|来电人',
  petitioner_phone: '联系电话|来电号码|手机号码',
  lead_unit: '主办单位|责任单位|办理单位',
  dispatched_at: '转办时间|派单时间',
  signed_at: '',
  replied_at: '答复时间',
  reply_text: '答复内容|答复意见|办理结果',
  closed_at: '',
  outcome: '结论|办结类型',
  satisfaction: '群众评价|满意情况',
};
export const otherNames = (word: string): string[] =>
  (OTHER_NAMES[word] ?? '').split('|').filter((name) => name !== '');
export const knownFields = Object.keys(OTHER_NAMES);

export const NEEDED = ['channel', 'received_at', 'content'];
/** What all rows may share, chosen instead of a column. */
export const FIXED = ['channel', 'lead_unit', 'area', 'category'] as const;
export type FixedField = (typeof FIXED)[number];

export interface LedgerField {
  word: string;
  /** The header that the server expects. */
  zh: string;
}
export type Mapping = Record<string, string>;

/** The column that has one of the field's names; the server takes it whether it is chosen or not. */
export function usualColumn(field: LedgerField, heads: readonly string[]): string {
  const names = [field.word, field.zh, ...otherNames(field.word)];
  return heads.find((head) => names.includes(head)) ?? '';
}

/** "received_at:posted_at,content:text" as it stands in an earlier import. */
export function readPairs(text: string): Mapping {
  const pairs = text.split(',').map((pair) => [pair.split(':')[0] ?? '', pair] as const);
  return Object.fromEntries(
    pairs
      .filter(([word, pair]) => word !== '' && pair.length > word.length + 1)
      .map(([word, pair]) => [word, pair.slice(word.length + 1)]),
  );
}
export const writePairs = (mapping: Mapping): string =>
  Object.entries(mapping)
    .filter(([, text]) => text !== '')
    .map(([word, text]) => `${word}:${text}`)
    .join(',');

/** What was chosen last where this file has such a column, else what the names say. */
export function guess(
  fields: readonly LedgerField[],
  heads: readonly string[],
  before: Mapping,
): Mapping {
  return Object.fromEntries(
    fields.map((field) => {
      const last = before[field.word] ?? '';
      return [field.word, heads.includes(last) ? last : usualColumn(field, heads)];
    }),
  );
}

/** A comma stands between pairs, so a column whose name has one cannot be chosen. */
export const isChoosable = (head: string): boolean => head !== '' && !head.includes(',');
