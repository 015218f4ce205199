import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'threads',
    isolate: false,
    projects: [
      { extends: true, test: { name: 'unit', testTimeout: 30_000, include: ['src/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'cli',
          testTimeout: 30_000,
          include: ['test/cli/**/*.test.ts', 'test/server/**/*.test.ts'],
          globalSetup: ['test/cli/build.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'machine',
          testTimeout: 60_000,
          hookTimeout: 30_000,
          include: ['test/**/*.test.ts'],
          exclude: ['test/cli/**', 'test/server/**'],
        },
      },
    ],
  },
});
