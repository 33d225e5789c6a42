/** What a server does for the stage, beside the page: its thread only draws. */
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { InPageServer, reportInPage } from '../../../server/in-page/in-page-server.ts';
import { loadPhysics } from '../../../sim/index.ts';
import type { FromWorker, ToWorker } from './messages.ts';

const say = (message: FromWorker) => postMessage(message);

let receipts = 0;
const receivers = new Map<number, () => void>();

const server = new InPageServer({
  // The worker's own script lies in a folder of the page's.
  base: new URL('..', location.href).href,
  fetch: (url) => fetch(url),
  loadPhysics,
  async loadRuntime(wasm) {
    // Several threads take memory that is shared, which a plain host of files does not allow.
    env.wasm.numThreads = 1;
    env.wasm.wasmBinary = wasm;
    env.logLevel = 'error';
    return { InferenceSession, Tensor };
  },
  say(event, args, received) {
    const receipt = received ? ++receipts : null;
    if (received && receipt !== null) receivers.set(receipt, received);
    say({ kind: 'said', event, args, receipt });
  },
});

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'received') {
    receivers.get(data.receipt)?.();
    receivers.delete(data.receipt);
    return;
  }
  const { id, name, request, beside } = data;
  server.answer(name, request, beside).then(
    (answered) => say({ kind: 'answer', id, answer: { ok: true, data: answered } }),
    (error: unknown) =>
      say({ kind: 'answer', id, answer: { ok: false, error: reportInPage(error) } }),
  );
});
