import ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { ACCELERATORS } from '../../../policies/config/engine.ts';
import { createEngine, EngineError } from '../../../policies/engine/index.ts';

const known = ort.listSupportedBackends().map(({ name }) => name);

describe('an accelerator', () => {
  it.each(ACCELERATORS.filter((name) => !known.includes(name)))(
    '%s is refused where ONNX Runtime lacks it, instead of being left out silently',
    async (name) => {
      const creating = createEngine(name);
      await expect(creating).rejects.toThrow(EngineError);
      await expect(creating).rejects.toThrow(
        `engine "${name}": ONNX Runtime for ${process.platform} ${process.arch} has cpu`,
      );
      await expect(creating).rejects.toThrow('or use the default engine');
    },
  );

  it.each(ACCELERATORS.filter((name) => known.includes(name)))(
    '%s runs, or says what it takes and what was found',
    async (name) => {
      const engine = await createEngine(name).catch((error: unknown) => error);
      if (engine instanceof Error) {
        expect(engine).toBeInstanceOf(EngineError);
        expect(engine.message).toMatch(
          new RegExp(`^engine "${name}": expected .+; got ".+"; or use`),
        );
      } else {
        expect(engine).toMatchObject({ name: expect.stringContaining(name) });
      }
    },
  );
});
