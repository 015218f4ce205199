import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'threads',
    isolate: false,
    projects: [
      { extends: true, test: { name: 'unit', include: ['src/**/*.test.ts'] } },
      { extends: true, test: { name: 'cli', include: ['test/cli/**/*.test.ts'], globalSetup: ['test/cli/build.ts'] } },
      { extends: true, test: { name: 'machine', include: ['test/**/*.test.ts'], exclude: ['test/cli/**'] } },
    ],
  },
});
