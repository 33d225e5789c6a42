import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { z } from 'zod';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { PACKAGE_ROOT } from '../../server/storage/package-root.ts';
import type { CallTimes } from './measure.ts';

const openedSchema = z.object({ version: z.string(), parameters: z.int() });
const timesSchema = z.object({
  ms: z.array(z.number().positive()),
  cpuMs: z.array(z.number().min(0)),
});

/** The network that the peer is asked to build: the same, of the same sizes. */
export type PeerNetwork =
  | {
      readonly network: 'trajectory';
      readonly channels: readonly number[];
      readonly kernel: number;
      readonly groups: number;
      readonly embedding: number;
      readonly horizon: number;
      readonly actionDim: number;
      readonly observationDim: number;
    }
  | {
      readonly network: 'picture';
      readonly channels: readonly number[];
      readonly groups: number;
      readonly embedding: number;
      readonly attentionSide: number;
      readonly size: number;
      readonly patch: number;
      /** Of a word's vector, and of what cross-attention compares. */
      readonly width: number;
      readonly heads: number;
      /** Layers over the words of a caption. */
      readonly layers: number;
      /** Places of a caption. */
      readonly tokens: number;
      /** Rows of the embedding of words. */
      readonly vocabulary: number;
      /** w, where it draws with guidance. */
      readonly guidance?: number;
    };

/** What the peer is asked to do with it. */
export type PeerCase = PeerNetwork & {
  readonly kind: 'train' | 'infer';
  readonly batch: number;
  /** Network evaluations of one plan. */
  readonly steps: number;
  readonly threads: number;
};

/** The same work in PyTorch, in a process of its own (scripts/bench/pytorch/peer.py). */
export class TorchPeer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  #errors = '';

  constructor(python: string) {
    this.#child = spawn(python, [join(PACKAGE_ROOT, 'scripts', 'bench', 'pytorch', 'peer.py')]);
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#child.stderr.on('data', (chunk) => {
      this.#errors += String(chunk);
    });
    // The request that gets no answer reports what went wrong.
    this.#child.on('error', (error) => {
      this.#errors += error.message;
      this.#lines.close();
    });
    this.#child.stdin.on('error', () => this.#lines.close());
  }

  /** @returns PyTorch's version and the number of the network's parameters */
  async open(peerCase: PeerCase): Promise<z.infer<typeof openedSchema>> {
    return openedSchema.parse(await this.#ask({ do: 'open', ...peerCase }));
  }

  /** @returns what each of `times` steps or plans took */
  async run(times: number): Promise<CallTimes> {
    return timesSchema.parse(await this.#ask({ do: 'run', times }));
  }

  close(): void {
    this.#child.kill();
  }

  /** @throws ProtocolError with the last line of what Python said where it gives no answer */
  async #ask(request: object): Promise<unknown> {
    const answer = Promise.race([
      once(this.#lines, 'line').then(([line]) => String(line)),
      once(this.#lines, 'close').then(() => null),
    ]);
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await answer;
    if (line !== null) return JSON.parse(line);
    const reason = this.#errors.trim().split('\n').at(-1) ?? '';
    throw new ProtocolError(
      'failed',
      `--peer torch: expected python3 with PyTorch, got "${reason}"; ` +
        'install it (pip install torch), name another Python with --python, or leave --peer out',
    );
  }
}
