import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The walk takes longest by far: what begins with it ends soonest. */
class WalkFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isWalk = (file: TestSpecification) => file.moduleId.endsWith('/stops.e2e.ts');
    const others = await super.sort(files.filter((file) => !isWalk(file)));
    return [...files.filter(isWalk), ...others];
  }
}

// Two files at a time, each with a browser, a server and a county of its own.  What they import is
// read once by each of the two: it keeps nothing that a test could change.
export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('../src', import.meta.url)) } },
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    environment: 'node',
    include: ['*.e2e.ts'],
    exclude: process.env['E2E_ALL'] ? [] : ['shots.e2e.ts', 'pictures.e2e.ts'],
    maxWorkers: Math.min(2, availableParallelism()),
    isolate: false,
    sequence: { sequencer: WalkFirst },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    globalSetup: './global.ts',
  },
});
