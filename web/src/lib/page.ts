// The paper of a printed page, while it is shown.  Not every browser knows pages by name with a size
// of their own, and the policy allows no <style>: so the rule is a sheet of the document.
import { onMounted, onUnmounted } from 'vue';

/** `rule` is the inside of @page: size and margins. */
export function usePaper(rule: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@page { ${rule} }`);
  onMounted(() => {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  });
  onUnmounted(() => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
  });
}
