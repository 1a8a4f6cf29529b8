// A telephone number as it is typed: is there enough of it to look for its caller?
/** Digits without spaces, dashes and the country's code. */
export function plainPhone(typed: string): string {
  return typed.replace(/[\s\-()（）—]/g, '').replace(/^(\+86|0086)/, '');
}

export function isWholePhone(typed: string): boolean {
  return /^(1\d{10}|0\d{9,11}|[2-9]\d{6,7}|\d{5})$/.test(plainPhone(typed));
}
