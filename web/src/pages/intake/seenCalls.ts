// Calls that were taken or put aside here: their card does not come back while the program is open.
import { shallowRef } from 'vue';

export const seenCalls = shallowRef<ReadonlySet<number>>(new Set());

export function seeCall(id: number): void {
  seenCalls.value = new Set([...seenCalls.value, id]);
}
