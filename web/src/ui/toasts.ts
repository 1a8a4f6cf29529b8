// Short messages at the corner; at most three at a time.
import { shallowRef } from 'vue';
import { randomId } from '@/lib/ids';

export interface Toast {
  id: string;
  text: string;
  isBad: boolean;
  link?: { to: string; label: string } | undefined;
}
export const toasts = shallowRef<Toast[]>([]);

export function toast(text: string, more: { isBad?: boolean; link?: Toast['link'] } = {}): void {
  const added = { id: randomId(), text, isBad: more.isBad ?? false, link: more.link };
  toasts.value = [...toasts.value.slice(-2), added];
}
export function dropToast(id: string): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}
