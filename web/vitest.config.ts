import { defineConfig, mergeConfig } from 'vitest/config';
import vite from './vite.config';

export default mergeConfig(
  vite,
  defineConfig({
    server: { fs: { allow: ['..'] } }, // the tables of ../sql are read by a test
    test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], passWithNoTests: false },
  }),
);
