import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { z } from 'zod';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { PACKAGE_ROOT } from '../../server/storage/package-root.ts';

const openedSchema = z.object({ version: z.string(), parameters: z.int() });
const timesSchema = z.object({ ms: z.array(z.number().positive()) });

/** What the peer is asked to build: the same network, objective and sizes. */
export interface PeerCase {
  readonly kind: 'train' | 'infer';
  readonly channels: readonly number[];
  readonly kernel: number;
  readonly groups: number;
  readonly embedding: number;
  readonly horizon: number;
  readonly actionDim: number;
  readonly observationDim: number;
  readonly batch: number;
  /** Network evaluations of one plan. */
  readonly steps: number;
  readonly threads: number;
}

/** The same work in PyTorch, in a process of its own (scripts/bench/torch.py). */
export class TorchPeer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  #errors = '';

  constructor(python: string) {
    this.#child = spawn(python, [join(PACKAGE_ROOT, 'scripts', 'bench-torch.py')]);
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

  /** @returns what each of `times` steps or plans took, ms */
  async run(times: number): Promise<number[]> {
    return timesSchema.parse(await this.#ask({ do: 'run', times })).ms;
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
