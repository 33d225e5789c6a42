import { createCompiledEngine, type Engine, type Program } from '../../policies/engine/index.ts';

const kept = new Map<string, Promise<Program>>();

/**
 * The compiled engine, except that a program with a key is made once in a process and stays until it
 * ends. For tests of what programs compute: tracing and opening them takes most of a test's time.
 */
export function keepingEngine(): Engine {
  const engine = createCompiledEngine();
  return {
    ...engine,
    compile: async (fn, specs, options = {}) => {
      if (options.key === undefined) return engine.compile(fn, specs, options);
      const identity = JSON.stringify([options, specs]);
      const made = kept.get(identity) ?? engine.compile(fn, specs, options);
      kept.set(identity, made);
      const program = await made;
      return {
        outputShapes: program.outputShapes,
        run: program.run.bind(program),
        dispose: async () => {},
      };
    },
  };
}
