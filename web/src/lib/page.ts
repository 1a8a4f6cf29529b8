// The paper of a printed page, while it is shown.  Not every browser knows pages by name with a size
// of their own, and the policy allows no <style>: so the rule is a sheet of the document.
import { onMounted, onUnmounted } from 'vue';

export type PaperKind = 'upright' | 'wide' | 'official';
const FONT = "font-family: 'Noto Serif CJK SC', 'Noto Serif SC', SimSun, serif; color: #000";
const counted = `@bottom-center { content: "第 " counter(page) " 页　共 " counter(pages) " 页"; font-size: 9pt; ${FONT} }`;
// On an official document the number stands outside: right on odd pages, left on even ones.
const official = `content: "— " counter(page) " —"; font-size: 14pt; ${FONT}`;
const rules: Record<PaperKind, string> = {
  upright: `@page { size: A4; margin: 25mm 20mm 20mm; ${counted} }`,
  wide: `@page { size: A4 landscape; margin: 18mm 15mm 15mm; ${counted} }`,
  official:
    '@page { size: A4; margin: 37mm 26mm 35mm 28mm }' +
    `@page :right { @bottom-right { ${official} } }` +
    `@page :left { @bottom-left { ${official} } }`,
};

/** What stands upright, what lies on its side, and the margins of official documents. */
export function usePaper(kind: PaperKind): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(rules[kind]);
  onMounted(() => {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  });
  onUnmounted(() => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
  });
}
