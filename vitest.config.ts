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

/** Tests with a page, whose clock and whose stage go on while it waits for the machine. */
const PAGES = /\/tests\/e2e\//;

/**
 * What waits for processes takes longest and begins early; tests of functions fill the end. Pages come
 * one by one among all that takes long: the more of them are open at once, the longer each is, and the
 * more pictures and control steps it takes (608 s in all where they came one after the other, 591 so).
 * Files that have modules of their own come before all, as a worker keeps its modules only for the file
 * that comes next.
 */
class PagesSpread extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const all = await super.sort(files);
    const turnOf = ({ project, moduleId }: TestSpecification) => {
      if (project.config.isolate) return 'isolated';
      if (PAGES.test(moduleId)) return 'page';
      if (!FUNCTIONS.test(moduleId)) return 'process';
      return LONG.test(moduleId) ? 'long' : 'short';
    };
    const of = (turn: ReturnType<typeof turnOf>) => all.filter((file) => turnOf(file) === turn);
    const long = [...of('process'), ...of('long')];
    return [...of('isolated'), ...merged(of('page'), long), ...of('short')];
  }
}

/** Two lists as one, each in its order and spread evenly over the whole. */
function merged<T>(some: readonly T[], others: readonly T[]): T[] {
  const placed = (list: readonly T[]) => list.map((each, i) => ({ each, at: i / list.length }));
  return [...placed(some), ...placed(others)].sort((a, b) => a.at - b.at).map(({ each }) => each);
}

export default defineConfig({
  test: {
    // onnxruntime-node and Rapier keep native and WebAssembly state that worker threads do not
    // isolate.
    pool: 'forks',
    // Files share nothing but the machine: each has a data directory, ports and a browser of its own.
    // They wait now and then, so that two cores carry more than two; with eight at once, what shares
    // their caches takes a sixth more of their time (1,035 CPU seconds for 870 with four), and is slower.
    maxWorkers: Math.max(4, availableParallelism()),
    sequence: { sequencer: PagesSpread },
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
