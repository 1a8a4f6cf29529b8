// What one can choose from.
export interface Option {
  value: string;
  label: string;
  /** Said beside it, smaller. */
  note?: string;
  /** What it is also found by: pinyin, initials, an older name. */
  keys?: string;
  disabled?: boolean;
  /** Of a label in another language than the page's. */
  lang?: string;
}

/** The options in which `typed` is found, those that begin with it first. */
export function findOptions(options: Option[], typed: string, limit = 60): Option[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return options.slice(0, limit);
  const first: Option[] = [];
  const rest: Option[] = [];
  for (const option of options) {
    const label = option.label.toLowerCase();
    const keys = (option.keys ?? '').toLowerCase();
    if (label.startsWith(wanted) || keys.split(/\s+/).some((key) => key.startsWith(wanted)))
      first.push(option);
    else if (label.includes(wanted) || keys.includes(wanted)) rest.push(option);
  }
  return [...first, ...rest].slice(0, limit);
}
