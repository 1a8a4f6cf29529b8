// A telephone number as it is typed: is there enough of it to look for its caller?
/** Digits without spaces, dashes and the country's code. */
export function plainPhone(typed: string): string {
  return typed.replace(/[\s\-()（）—]/g, '').replace(/^(\+86|0086)/, '');
}

/** A phone rather than a ticket's number, its day or a year: what must not stand in an address. */
export function isPhoneWanted(typed: string): boolean {
  const plain = plainPhone(typed.trim());
  return /^(1\d{10}|0\d{9,11}|[2-9]\d{6,7})$/.test(plain) && !/^20\d{6}$/.test(plain);
}

/** The number of an identity card. */
export function isIdNumber(typed: string): boolean {
  return /^(\d{15}|\d{17}[\dXx])$/.test(typed.replace(/\s/g, ''));
}

export function isWholePhone(typed: string): boolean {
  return /^(1\d{10}|0\d{9,11}|[2-9]\d{6,7}|\d{5})$/.test(plainPhone(typed));
}
