/*
 * county.mjs - a made-up county, made through the API by its administrator.
 *
 * Unit T01 signs off on paper, D01 online, D04 has nobody named; CO01 to CO10 are
 * there to be many.  Of each of T01, D01, D02, D03 there is a handler and a head.
 * For each scope of tokens there is another system, `system-intake` and so on.
 */
const people = { head: '主要负责人', deputy: '分管负责人', contact: '专职人员' };

export class County {
  constructor() {
    this.units = [
      { code: 'T01', name: '云河镇人民政府', short_name: '云河镇', kind: 'township', areas: ['T01'], ...people },
      { code: 'D01', name: '县水利局', short_name: '水利局', kind: 'department', sign_off: 'online', ...people },
      { code: 'D02', name: '县住建局', short_name: '住建局', kind: 'department', duty_keywords: '道路 路灯', ...people },
      { code: 'D03', name: '县交通局', short_name: '交通局', kind: 'department', search_key: 'xianjiaotongju', ...people },
      { code: 'D04', name: '县某公司', short_name: '某公司', kind: 'enterprise', parent: 'D02' },
      ...Array.from({ length: 10 }, (_, i) => ({
        code: `CO${String(i + 1).padStart(2, '0')}`, name: `协办单位${i + 1}`, kind: 'stationed', ...people,
      })),
    ];
    this.users = [
      ['clerk', 'office', ['clerk']],
      ['clerk2', 'office', ['clerk']],
      ['supervisor', 'office', ['supervisor']],
      ['leader', 'office', ['leader']],
      ['leader2', 'office', ['leader']],
      ['auditor', 'office', ['auditor']],
      ['lockable', 'office', ['clerk']],
      ['busy', 'office', ['clerk']],
      ['t01_clerk', 'T01', ['clerk', 'handler']],
      ...['T01', 'D01', 'D02', 'D03'].flatMap((unit) => [
        [`${unit.toLowerCase()}_handler`, unit, ['handler']],
        [`${unit.toLowerCase()}_head`, unit, ['unit_head']],
      ]),
    ];
  }

  unitOf(actor) {
    return actor === 'admin' ? 'office' : this.users.find(([login]) => login === actor)?.[1];
  }

  /* Before the first start: the administrator, by the command line. */
  static bootstrap(place) {
    place.run(['user', 'add', '--login', 'admin', '--name', '管理员', '--unit', 'office', '--role', 'admin',
      '--password-stdin'], 'password of admin\n');
  }

  async build(steps) {
    await steps.post('admin', '/api/v1/areas', { code: 'T01', name: '云河镇', search_key: 'yunhezhen yhz' }, '201');
    await steps.post('admin', '/api/v1/areas', { code: 'T0101', parent: 'T01', name: '西街社区', search_key: 'xijieshequ xjsq' }, '201');
    for (const unit of this.units) await steps.post('admin', '/api/v1/units', unit, '201');
    for (const [login, unit, roles] of this.users)
      await steps.post('admin', '/api/v1/users', { login, name: `${login} 某`, unit, roles, password: `password of ${login}` }, '201');
    for (const scope of ['intake', 'import', 'switchboard', 'sms', 'upstream'])
      await steps.system(`system-${scope}`, [scope], scope === 'upstream' ? { platform: 'city' } : {});
  }
}
