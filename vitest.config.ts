import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Real processes and sockets: a test ends when its condition holds. The limit only catches a hang.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Two workers: the tests start many processes of their own.
    maxWorkers: 2,
    reporters: ['default'],
  },
});
