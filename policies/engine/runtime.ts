import type { InferenceSession } from 'onnxruntime-node';
import { version } from 'onnxruntime-node/dist/version.js';
import { EngineError } from './types.ts';

export type Runtime = typeof import('onnxruntime-node');

/** As results and the page name it; known before anything native is loaded. */
export const RUNTIME_NAME = `ONNX Runtime ${version}`;

let loading: Promise<Runtime> | undefined;

/**
 * ONNX Runtime with its native part, loaded where it is first used: what needs no network, and the
 * other engines, do without it.
 *
 * @throws EngineError where it cannot be loaded: a system without the C library it was built for,
 *         a processor or an installation that lacks it
 * @cost 0.05 s the first time
 */
export function loadRuntime(): Promise<Runtime> {
  loading ??= load();
  return loading;
}

/** A model that others made, on one thread of the CPU. @throws what ONNX Runtime throws for what it does not take */
export function openOnOneThread(
  { InferenceSession }: Runtime,
  bytes: Uint8Array,
): Promise<InferenceSession> {
  return InferenceSession.create(bytes, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
}

async function load(): Promise<Runtime> {
  try {
    const { default: runtime } = await import('onnxruntime-node');
    // Errors are thrown; the log would repeat them, whether they are handled or not.
    runtime.env.logLevel = 'fatal';
    return runtime;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim().split('\n')[0] : String(cause);
    throw new EngineError(
      `expected ${RUNTIME_NAME} for ${process.platform} ${process.arch}, got "${reason}"; ` +
        'on Linux it takes glibc (Debian, Ubuntu, Fedora), which Alpine lacks; a damaged ' +
        'installation is made good by "npm ci"; or choose --engine cpu, which is slow',
      { cause },
    );
  }
}
