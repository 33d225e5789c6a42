import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circlesIn } from './support/circles.ts';
import { mayImportFile, mayImportPackage } from './support/import-rules.ts';
import {
  codeOf,
  importsOf,
  loadedWith,
  ROOT,
  resolveImport,
  sourcesIn,
  valueImportsOf,
} from './support/sources.ts';

const FOLDERS = ['sim', 'policies', 'demos', 'server', 'client', 'scripts'];
const sources = FOLDERS.flatMap(sourcesIn);
const MAX_LINES = 400;

/** "file: what is wrong" for every source in which `find` finds something. */
function violations(find: (source: { path: string; text: string }) => string[]): string[] {
  return sources.flatMap((source) => find(source).map((what) => `${source.path}: ${what}`));
}

function forbiddenImports({ path, text }: { path: string; text: string }): string[] {
  const forbidden = importsOf(text).filter((specifier) => {
    const file = resolveImport(path, specifier);
    return file === null ? !mayImportPackage(path, specifier) : !mayImportFile(path, file);
  });
  return forbidden.map((specifier) => `${path}: ${specifier}`);
}

describe('the sources', () => {
  it('are found', () => {
    const paths = sources.map(({ path }) => path);
    expect(paths).toContain('sim/episode.ts');
    expect(paths).toContain('demos/experts/left-right.ts');
  });

  describe.each([...new Set(sources.map(({ path }) => posix.dirname(path)))])('in %s', (folder) => {
    it('import only what they may', () => {
      const here = sources.filter(({ path }) => posix.dirname(path) === folder);
      expect(here.flatMap((source) => forbiddenImports(source))).toEqual([]);
    });
  });

  it("name Node's own modules with their prefix, so that they cannot be mistaken", () => {
    const bare = new Set(builtinModules.filter((name) => !name.startsWith('_')));
    const found = violations(({ text }) => importsOf(text).filter((name) => bare.has(name)));
    expect(found).toEqual([]);
  });

  it('of the policies know no page and no network', () => {
    const global =
      /\b(document|navigator|localStorage|sessionStorage|indexedDB|XMLHttpRequest|WebSocket)\b|(?<![.\w])fetch\s*\(|\bglobalThis\.window\b/g;
    const found = violations(({ path, text }) =>
      path.startsWith('policies/')
        ? Array.from(codeOf(text).matchAll(global), ([what]) => what)
        : [],
    );
    expect(found).toEqual([]);
  });

  it('of the page leave the schemas and their library to the server', () => {
    const reached = new Set([
      'client/main.tsx',
      'client/features/lesson/main.tsx',
      'client/features/experiments/main.tsx',
      'client/features/lesson/worker.ts',
      'client/features/pictures/live/live-worker.ts',
      'client/features/pictures/main.tsx',
      'client/features/alone/worker.ts',
    ]);
    const found: string[] = [];
    for (const path of reached) {
      const source = sources.find((each) => each.path === path);
      for (const specifier of source ? valueImportsOf(source.text) : []) {
        const file = resolveImport(path, specifier);
        if (file !== null) reached.add(file);
        else if (specifier === 'zod') found.push(path);
      }
    }
    expect(reached.size).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });

  it('that open a kept program load neither what traces one nor what dials a policy server', () => {
    const reached = new Set([
      'server/jobs/worker.ts',
      'server/storage/open-engine.ts',
      'server/evaluation/input.ts',
      'policies/engine/index.ts',
    ]);
    const packages = new Set<string>();
    for (const path of reached) {
      const source = sources.find((each) => each.path === path);
      for (const specifier of source ? loadedWith(source.text) : []) {
        const file = resolveImport(path, specifier);
        if (file !== null) reached.add(file);
        else packages.add(specifier);
      }
    }
    expect(reached).toContain('policies/engine/compiled.ts');
    expect(reached).toContain('server/storage/sources.ts');
    expect([...reached].filter((path) => path.startsWith('policies/engine/trace/'))).toEqual([]);
    expect([...packages].filter((name) => ['onnx-proto', 'ws'].includes(name))).toEqual([]);
  });

  it('import one another in no circle, types included', () => {
    const imports = new Map(
      sources.map(({ path, text }) => [
        path,
        importsOf(text).flatMap((specifier) => resolveImport(path, specifier) ?? []),
      ]),
    );
    expect(circlesIn(imports)).toEqual([]);
  });

  it(`have at most ${MAX_LINES} lines a file`, () => {
    const found = violations(({ text }) => {
      const lines = text.split('\n').length;
      return lines > MAX_LINES ? [`${lines} lines`] : [];
    });
    expect(found).toEqual([]);
  });

  it('silence neither the compiler nor the linter', () => {
    const silence = /@ts-(ignore|nocheck|expect-error)|biome-ignore|eslint-disable/g;
    const found = violations(({ text }) => Array.from(text.matchAll(silence), ([what]) => what));
    expect(found).toEqual([]);
  });

  it("leave zod's records, which drop a key in silence, to the file that mends them", () => {
    const records = /\bz\s*\.\s*(record|partialRecord|looseRecord)\(/g;
    const found = violations(({ path, text }) =>
      path === 'policies/config/record.ts'
        ? []
        : Array.from(codeOf(text).matchAll(records), ([what]) => what),
    );
    expect(found).toEqual([]);
  });

  it('name no place on the machine they were written on', () => {
    const homes = /(?<![\w.:/])\/(home|Users|root|tmp|mnt)\/[\w.]|\b[A-Z]:\\\\?Users\b/g;
    const found = violations(({ text }) => [
      ...(text.includes(ROOT) ? [ROOT] : []),
      ...Array.from(text.matchAll(homes), ([what]) => what),
    ]);
    expect(found).toEqual([]);
  });
});

describe('the import rules', () => {
  it.each([
    ['sim/episode.ts', 'sim/arm/arm.ts'],
    ['demos/demonstrate.ts', 'sim/index.ts'],
    ['demos/windows.ts', 'policies/training/windows.ts'],
    ['demos/cats/cat.ts', 'policies/random.ts'],
    ['server/training/train.ts', 'demos/cats/index.ts'],
    ['server/protocol/events.ts', 'policies/config.ts'],
    ['server/protocol/events.ts', 'policies/config/index.ts'],
    ['server/protocol/events.ts', 'sim/tasks/index.ts'],
    ['server/training/train.ts', 'demos/store/index.ts'],
    ['server/jobs/queue.ts', 'server/training/train.ts'],
    ['server/stage/stage.ts', 'server/acting/rollout.ts'],
    ['server/storage/sources.ts', 'server/openpi/remote-policy.ts'],
    ['server/net/app.ts', 'server/jobs/index.ts'],
    ['server/queue/worker.ts', 'server/jobs/shard-service.ts'],
    ['server/main.ts', 'server/net/index.ts'],
    ['client/main.tsx', 'server/protocol/index.ts'],
    ['client/features/lesson/worker.ts', 'policies/lesson/live.ts'],
    ['client/features/lesson/worker.ts', 'policies/engine/eager.ts'],
    ['client/features/lesson/page.tsx', 'client/shared/widgets/plot.tsx'],
    ['client/features/train/training.ts', 'client/features/demos/datasets.ts'],
    ['client/shared/lanes/role-text.ts', 'client/texts.ts'],
    ['scripts/cli.ts', 'server/main.ts'],
  ])('let %s import %s', (from, to) => {
    expect(mayImportFile(from, to)).toBe(true);
  });

  it.each([
    ['sim/episode.ts', 'demos/demonstrate.ts'],
    ['sim/episode.ts', 'policies/random.ts'],
    ['policies/policy.ts', 'sim/index.ts'],
    ['policies/policy.ts', 'simulation.ts'],
    ['demos/windows.ts', 'server/protocol/index.ts'],
    ['demos/cats/cat.ts', 'demos/files/index.ts'],
    ['demos/demonstrate.ts', 'demos/cats/cat.ts'],
    ['scripts/cli.ts', 'demos/cats/draw.ts'],
    ['server/protocol/events.ts', 'sim/episode.ts'],
    ['server/protocol/events.ts', 'policies/engine/index.ts'],
    ['server/protocol/events.ts', 'server/storage/workspace.ts'],
    ['server/storage/run-store.ts', 'server/training/train.ts'],
    ['server/acting/rollout.ts', 'server/stage/stage.ts'],
    ['server/training/train.ts', 'server/jobs/queue.ts'],
    ['server/jobs/queue.ts', 'demos/demonstrate.ts'],
    ['server/net/app.ts', 'server/storage/workspace.ts'],
    ['server/jobs/experiment.ts', 'server/queue/work-queue.ts'],
    ['server/openpi/remote-policy.ts', 'server/storage/sources.ts'],
    ['server/net/app.ts', 'server/main.ts'],
    ['client/main.tsx', 'policies/config/index.ts'],
    ['client/features/record/record-panel.tsx', 'client/features/watch/session.ts'],
    ['client/shared/lanes/offers.ts', 'client/features/train/runs.ts'],
    ['client/shared/link/loading.tsx', 'client/app.ts'],
    ['client/features/lesson/worker.ts', 'policies/engine/index.ts'],
    ['client/features/lesson/worker.ts', 'policies/training/trainer.ts'],
    ['client/features/lesson/page.tsx', 'server/training/noise-levels.ts'],
    ['client/app.ts', 'policies/lesson/live.ts'],
    ['client/main.tsx', 'server/stage/stage.ts'],
    ['client/main.tsx', 'demos/demonstrate.ts'],
    ['server/main.ts', 'client/main.tsx'],
    ['scripts/cli.ts', 'client/main.tsx'],
  ])('do not let %s import %s', (from, to) => {
    expect(mayImportFile(from, to)).toBe(false);
  });

  it('keep three on the page, express and socket.io in server/net, ws in server/openpi, pg-boss in server/queue, files out of the policies', () => {
    const allowed: [string, string][] = [
      ['client/stage/stage.ts', 'three/addons/controls/OrbitControls.js'],
      ['server/net/app.ts', 'socket.io'],
      ['server/openpi/connection.ts', 'ws'],
      ['client/main.tsx', 'socket.io-client'],
      ['demos/store/store.ts', 'node:fs/promises'],
    ];
    const refused: [string, string][] = [
      ['sim/camera.ts', 'three'],
      ['server/main.ts', 'express'],
      ['server/jobs/queue.ts', 'socket.io'],
      ['server/jobs/experiment.ts', 'pg-boss'],
      ['server/net/app.ts', 'ws'],
      ['server/storage/sources.ts', 'ws'],
      ['policies/checkpoint/index.ts', 'node:fs/promises'],
      ['policies/policy.ts', 'node:net'],
      ['sim/episode.ts', 'node:os'],
      ['demos/cats/draw.ts', 'node:zlib'],
      ['server/protocol/events.ts', 'node:crypto'],
    ];
    expect(allowed.filter(([from, name]) => !mayImportPackage(from, name))).toEqual([]);
    expect(refused.filter(([from, name]) => mayImportPackage(from, name))).toEqual([]);
  });
});

describe('the search for circles', () => {
  it.each<[string, Record<string, string[]>, string[][]]>([
    ['none in a tree', { a: ['b', 'c'], b: ['c'], c: [] }, []],
    ['a file that imports itself', { a: ['a'] }, [['a']]],
    ['two that import each other', { a: ['b'], b: ['a'], c: ['a'] }, [['a', 'b']]],
    ['a long way round', { a: ['b'], b: ['c'], c: ['d'], d: ['b'] }, [['b', 'c', 'd']]],
  ])('finds %s', (_, imports, expected) => {
    expect(circlesIn(new Map(Object.entries(imports)))).toEqual(expected);
  });
});

describe('the search for imports', () => {
  it.each([
    ["import { a } from './a.ts';", ['./a.ts']],
    ["import type { A } from '../a.ts';", ['../a.ts']],
    ["import {\n  a,\n  type B,\n} from './a.ts';\nconst b = 'from';", ['./a.ts']],
    ["import a, * as all from 'a';", ['a']],
    ["import './side-effect.ts';", ['./side-effect.ts']],
    ["export { a } from './a.ts';\nexport * from './b.ts';", ['./a.ts', './b.ts']],
    ["const a = await import('./a.ts');", ['./a.ts']],
    ["type A = import('./a.ts').A;", ['./a.ts']],
    ["// import './a.ts';\n/* import './b.ts'; */", []],
    ["export const from = 'elsewhere';", []],
  ])('reads %j as %j', (text, expected) => {
    expect(importsOf(text)).toEqual(expected);
  });

  it('follows relative specifiers and leaves packages alone', () => {
    expect(resolveImport('server/net/app.ts', '../jobs/index.ts')).toBe('server/jobs/index.ts');
    expect(resolveImport('sim/episode.ts', './arm/arm.ts')).toBe('sim/arm/arm.ts');
    expect(resolveImport('sim/episode.ts', 'pure-rand')).toBeNull();
  });
});
