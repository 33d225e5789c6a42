import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Tests of functions: they start no process and leave nothing behind in the modules they import. */
const FUNCTIONS = ['client', 'policies', 'sim', 'demos/files', 'server/protocol'].map(
  (room) => `tests/${room}/**/*.test.ts`,
);
const ALL = ['tests/**/*.test.ts'];

export default defineConfig({
  test: {
    // onnxruntime-node and Rapier keep native and WebAssembly state that worker threads do not
    // isolate.
    pool: 'forks',
    // Files share nothing but the machine: each has a data directory, ports and a browser of its own.
    // A fifth of their time they wait, for time limits and for processes: two cores carry three.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    // What hangs is found all the same; a machine with ten times the work to do is not to fail.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        // Half of their time went into importing the same modules again, file by file.
        test: { name: 'functions', include: FUNCTIONS, isolate: false },
      },
      { extends: true, test: { name: 'processes', include: ALL, exclude: FUNCTIONS } },
    ],
  },
});
