import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// One browser and one server at a time: two cores.
export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('../src', import.meta.url)) } },
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    environment: 'node',
    include: ['*.e2e.ts'],
    exclude: process.env['E2E_ALL'] ? [] : ['shots.e2e.ts', 'pictures.e2e.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globalSetup: './global.ts',
  },
});
