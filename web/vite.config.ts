import { fileURLToPath } from 'node:url';
import vueI18n from '@intlify/unplugin-vue-i18n/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { compression } from 'vite-plugin-compression2';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The policy of the server (src/http/reply.c) allows no inline script, style or font: nothing is
// inlined here.  Citizens' pages are the server's own; only their script is made here.
export default defineConfig({
  base: '/',
  resolve: { alias: { '@': here('./src') } },
  plugins: [
    vue(),
    vueI18n({
      include: here('./src/i18n/**/*.json'),
      runtimeOnly: true,
      dropMessageCompiler: true,
      strictMessage: false,
    }),
    compression({
      include: /\.(html|js|css|svg|json)$/,
      algorithms: ['gzip', 'brotliCompress'],
      threshold: 512,
    }),
  ],
  define: {
    __VUE_OPTIONS_API__: false,
    __VUE_PROD_DEVTOOLS__: false,
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
  },
  build: {
    target: ['chrome87', 'edge88', 'firefox98', 'safari15.4'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    // The server looks for the citizens' script by the head of its name (src/api/page_parts.c).
    rollupOptions: {
      input: { index: here('./index.html'), citizen: here('./src/citizen/citizen.ts') },
    },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/public': 'http://127.0.0.1:8080' } },
});
