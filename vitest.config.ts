import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // onnxruntime-node and Rapier keep native and WebAssembly state that worker threads do not
    // isolate; a process a file does.
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
