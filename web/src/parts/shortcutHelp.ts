import { ref } from 'vue';

export const isHelpOpen = ref(false);
export function openShortcutHelp(): void {
  isHelpOpen.value = true;
}
