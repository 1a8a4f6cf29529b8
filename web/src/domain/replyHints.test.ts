import { describe, expect, test } from 'vitest';
import { mentions, replyHints, type ReplyDraft } from './replyHints';

const GOOD =
  '您好！您反映的河滩路路灯不亮问题，我局已于当日派员到场检修，更换灯泡三盏，夜间照明已恢复正常。如仍有问题，请与我局联系。';
const draft = (changes: Partial<ReplyDraft>): ReplyDraft => ({
  text: GOOD,
  outcome: 'solved',
  basis: '',
  demand: '修复路灯',
  evidence: 1,
  ...changes,
});
const codes = (changes: Partial<ReplyDraft>, evasive: string[] = []) =>
  replyHints(draft(changes), evasive).map((one) => one.code);

describe('hints on a reply', () => {
  test('a good one has none, and neither has an empty one', () => {
    expect(codes({})).toEqual([]);
    expect(codes({ text: ' \n', outcome: 'explained', evidence: 0 })).toEqual([]);
  });
  test('a short one says how many characters it has', () => {
    expect(replyHints(draft({ text: '路灯修好了' }), [])).toEqual([{ code: 'tooShort', count: 5 }]);
    expect(codes({ text: '路灯'.repeat(25) })).toEqual([]);
    expect(codes({ text: `${'路灯'.repeat(24)}灯` })).toEqual(['tooShort']);
  });
  test('an empty phrase is quoted', () => {
    expect(codes({ text: `${GOOD}我局高度重视。` }, ['积极协调', '高度重视'])).toEqual(['evasive']);
  });
  test.each(['13900001234', '110101199001011234', '11010119900101123X', '010-62345678'])(
    'the number %s is seen',
    (number) => expect(codes({ text: `${GOOD}${number}` })).toEqual(['personal']),
  );
  test('a longer number is no phone', () => {
    expect(codes({ text: `${GOOD}合同号1390000123456` })).toEqual([]);
  });
  test('a demand that is not spoken of', () => {
    expect(codes({ demand: '退还物业费' })).toEqual(['noDemand']);
  });
  test('explained without a basis, solved without evidence', () => {
    expect(codes({ outcome: 'explained' })).toEqual(['noBasis']);
    expect(codes({ outcome: 'explained', basis: '物业管理条例' })).toEqual([]);
    expect(codes({ evidence: 0 })).toEqual(['noEvidence']);
  });
});

test('a mention is two characters in common, or a word', () => {
  expect(mentions('wifi is back', 'the WiFi')).toBe(true);
  expect(mentions('已修复', '')).toBe(true);
  expect(mentions('已修复', '？')).toBe(true);
  expect(mentions('路边有灯', '路灯')).toBe(false);
});
