// The words of printed reports: documents of the office, Chinese whatever the language of the
// screen; so they are in no dictionary.
const words = {
  printedBy: '打印：{who}　{at}',
  monthlyTitle: '{county}群众诉求办理情况月报',
  month: '{year}年{month}月',
  assessmentTitle: '{county}群众诉求办理考核表',
  period: '{from}至{to}',
  no: '序号',
  unit: '单位',
  dispatched: '交办',
  hotline: '热线',
  web: '网站留言',
  total: '合计',
  onTime: '按期',
  late: '逾期',
  open: '在办',
  closedRate: '办结率',
  onTimeRate: '按期率',
  unsatisfied: '不满意',
  unsatisfiedRate: '不满意率',
  sum: '小计',
  all: '总计',
  office: '政府办',
  published: '本月数字已于{at}发布，公式第{version}版。',
  notPublished: '本月数字尚未发布，公式第{version}版。',
  made: '制表单位：{office}',
  maker: '制表人：',
  checker: '审核人：',
  madeOn: '制表日期：{day}',
  volume: '交办数',
  score: '得分',
  mean: '平均工作日',
  formula:
    '注：得分 = 100 − 各项扣分；正向指标扣“权重 ×（1 − 比率）”，负向指标扣“权重 × 比率”，分母为零的不扣分。各格为“比率（分子/分母）”。公式第{version}版。',
  weight: '（{weight}）',
  special: '动态专报',
  circular: '通报',
  draft: '（草稿，未签发）',
} as const;

/** `{name}` in the text is what `values` has for it. */
export function paperWord(
  word: keyof typeof words,
  values: Record<string, string | number> = {},
): string {
  return words[word].replace(/\{(\w+)\}/g, (_all, name: string) => String(values[name] ?? ''));
}
