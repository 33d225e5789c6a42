/** The lesson's training, beside the page: its thread only draws. */
import { createEagerEngine } from '../../../policies/engine/eager.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { TrainingLoop } from './training-loop.ts';

const say = (message: FromWorker) => postMessage(message);

/** Messages wait in a queue of tasks: a promise alone would not let them in. */
const channel = new MessageChannel();
const rest = () =>
  new Promise<void>((resolve) => {
    channel.port1.onmessage = () => resolve();
    channel.port2.postMessage(null);
  });

const early: ToWorker[] = [];
let tell = (message: ToWorker): void => {
  early.push(message);
};
addEventListener('message', ({ data }: MessageEvent<ToWorker>) => tell(data));

createEagerEngine('cpu').then(
  (engine) => {
    const loop = new TrainingLoop(engine, say, rest);
    tell = (message) => loop.tell(message);
    for (const message of early.splice(0)) tell(message);
  },
  (error: unknown) => say({ kind: 'failed', message: String(error) }),
);
