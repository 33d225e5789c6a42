import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests of functions; the others start processes, servers, browsers. */
const FUNCTIONS = new RegExp(
  `/tests/(${[
    ...['client', 'policies', 'sim', 'demos/cats', 'demos/files', 'demos/store'],
    ...[
      'acting',
      'datasets',
      'evaluation',
      'experiments',
      'protocol',
      'stage',
      'storage',
      'training',
    ].map((room) => `server/${room}`),
  ].join('|')})/`,
);
/** Of those, the ones that train and simulate: some take a minute, and must not begin last. */
const LONG = /\/tests\/(policies|demos)\//;
const ALL = 'tests/**/*.test.ts';

/**
 * Files that put something in the place of a module, which others that share theirs would meet. What
 * any other leaves behind in the modules it imports must not change what others see.
 */
const MOCKING = readdirSync(new URL('tests/', import.meta.url), {
  recursive: true,
  encoding: 'utf8',
})
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `tests/${name.replaceAll('\\', '/')}`)
  .filter((path) => readFileSync(new URL(path, import.meta.url), 'utf8').includes('vi.mock('));

/**
 * What waits for processes takes longest and begins first; tests of functions fill the end. Files that
 * have modules of their own come before all, as a worker keeps its modules only for the file that comes
 * next.
 */
class FunctionsLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const turn = ({ project, moduleId }: TestSpecification) => {
      if (project.config.isolate) return 0;
      if (!FUNCTIONS.test(moduleId)) return 1;
      return LONG.test(moduleId) ? 2 : 3;
    };
    return (await super.sort(files)).sort((a, b) => turn(a) - turn(b));
  }
}

export default defineConfig({
  test: {
    // onnxruntime-node and Rapier keep native and WebAssembly state that worker threads do not
    // isolate.
    pool: 'forks',
    // Files share nothing but the machine: each has a data directory, ports and a browser of its own.
    // They wait now and then, so that two cores carry more than two. More than three fight for the same
    // caches: 854 CPU seconds with three, 915 with four, 1,035 with eight, and each is slower than the one before.
    maxWorkers: Math.max(3, availableParallelism()),
    sequence: { sequencer: FunctionsLast },
    setupFiles: ['tests/support/setup.ts'],
    // What hangs is found all the same; a machine with ten times the work to do is not to fail.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        // Half of their time went into importing the same modules again, file by file.
        test: { name: 'shared', include: [ALL], exclude: MOCKING, isolate: false },
      },
      { extends: true, test: { name: 'isolated', include: MOCKING } },
    ],
  },
});
