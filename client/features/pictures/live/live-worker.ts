/** Trains the painter of small cats beside the page: its thread only draws. */

import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { createWebEngine } from '../../../../policies/engine/web-engine.ts';
import { LiveLoop } from './live-loop.ts';
import type { FromWorker, ToWorker } from './messages.ts';

// Several threads take memory that is shared, which only a page that promises it in headers may have.
env.wasm.numThreads = 1;
env.wasm.wasmPaths = { wasm };
env.logLevel = 'error';

const say = (message: FromWorker) => postMessage(message);

/** Messages wait in a queue of tasks: a promise alone would not let them in. */
const channel = new MessageChannel();
const rest = () =>
  new Promise<void>((resolve) => {
    channel.port1.onmessage = () => resolve();
    channel.port2.postMessage(null);
  });

const engine = createWebEngine({ InferenceSession, Tensor }, env.versions.web ?? '');
const loop = new LiveLoop(engine, say, rest);
addEventListener('message', ({ data }: MessageEvent<ToWorker>) => loop.tell(data));
