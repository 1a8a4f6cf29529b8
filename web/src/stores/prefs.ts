// How one likes it, kept in this browser.
import { useStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import { setLocale, type Locale } from '@/i18n';

export const usePrefs = defineStore('prefs', () => {
  const locale = useStorage<Locale>('yidan.locale', 'zh-CN');
  /** Single letters as shortcuts; can be switched off (WCAG 2.1.4). */
  const shortcuts = useStorage('yidan.shortcuts', true);
  const sound = useStorage('yidan.sound', false);
  const isReady = ref(locale.value === 'zh-CN');

  watch(
    locale,
    (wanted) => void setLocale(wanted === 'en' ? 'en' : 'zh-CN').then(() => (isReady.value = true)),
    { immediate: true },
  );
  return { locale, shortcuts, sound, isReady };
});
