// Records the administrator keeps are few enough to be asked for whole.
interface Page<Row> {
  items: Row[];
  next: string | null;
}

export async function everyPage<Row>(
  ask: (query: { limit: number; cursor?: string }) => Promise<Page<Row>>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: Page<Row> = await ask(
      cursor === undefined ? { limit: 200 } : { limit: 200, cursor },
    );
    rows.push(...page.items);
    cursor = page.next;
  }
  return rows;
}
