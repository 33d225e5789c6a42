import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests of functions: nothing that they leave behind in the modules they import changes what others see. */
const FUNCTIONS = [
  ...['client', 'policies', 'sim', 'demos/cats', 'demos/files', 'demos/store'],
  ...['acting', 'datasets', 'evaluation', 'protocol', 'stage', 'storage', 'training'].map(
    (room) => `server/${room}`,
  ),
].map((room) => `tests/${room}/**/*.test.ts`);
const ALL = ['tests/**/*.test.ts'];

/**
 * What waits for processes takes longest; tests of functions fill the end, without others in between, as
 * a worker keeps its modules only for the file that comes next.
 */
class FunctionsLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isolated = ({ project }: TestSpecification) => project.config.isolate;
    return [...sorted.filter(isolated), ...sorted.filter((file) => !isolated(file))];
  }
}

export default defineConfig({
  test: {
    // onnxruntime-node and Rapier keep native and WebAssembly state that worker threads do not
    // isolate.
    pool: 'forks',
    // Files share nothing but the machine: each has a data directory, ports and a browser of its own.
    // A quarter of their time they wait, for time limits and for processes: two cores carry four.
    maxWorkers: Math.max(4, availableParallelism()),
    sequence: { sequencer: FunctionsLast },
    setupFiles: ['tests/support/setup.ts'],
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
