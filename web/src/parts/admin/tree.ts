// Records that have a parent, in the order of a tree.
export interface Branch<Row> {
  row: Row;
  depth: number;
  hasChildren: boolean;
}

/**
 * `rows` with every child below its parent; what is below a closed one is left out.  A parent that
 * is not among them, or a ring of parents, makes a row stand at the top: nothing is lost.
 */
export function branchesOf<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  parentOf: (row: Row) => string | null,
  isClosed: (key: string) => boolean,
): Branch<Row>[] {
  const keys = new Set(rows.map(keyOf));
  const children = new Map<string | null, Row[]>();
  for (const row of rows) {
    const parent = parentOf(row);
    const under = parent !== null && keys.has(parent) && parent !== keyOf(row) ? parent : null;
    children.set(under, [...(children.get(under) ?? []), row]);
  }
  const found: Branch<Row>[] = [];
  const seen = new Set<string>();
  function walk(row: Row, depth: number, isShown: boolean): void {
    const key = keyOf(row);
    if (seen.has(key)) return;
    seen.add(key);
    const below = children.get(key) ?? [];
    if (isShown) found.push({ row, depth, hasChildren: below.length > 0 });
    for (const child of below) walk(child, depth + 1, isShown && !isClosed(key));
  }
  for (const row of children.get(null) ?? []) walk(row, 0, true);
  for (const row of rows) walk(row, 0, true);
  return found;
}
