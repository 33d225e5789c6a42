import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // onnxruntime-node and Rapier keep native and WebAssembly state that worker threads do not
    // isolate; a process a file does.
    pool: 'forks',
    // Files share nothing but the machine: each has a data directory, ports and a browser of its own.
    // A fifth of their time they wait, for time limits and for processes: two cores carry three.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
