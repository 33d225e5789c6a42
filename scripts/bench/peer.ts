import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { z } from 'zod';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { PACKAGE_ROOT } from '../../server/storage/package-root.ts';
import type { CallTimes } from './measure.ts';

const openedSchema = z.object({ version: z.string(), parameters: z.int() });
const drawnSchema = z.object({ drawn: z.literal(true) });
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

/** What the same work is measured in, too. */
interface PeerProgram {
  /** As results name it. */
  readonly name: string;
  /** Its script, of those beside this file. */
  readonly script: string;
  /** What pip calls it. */
  readonly packages: string;
  /** Compiles the network before it runs. */
  readonly compile: boolean;
  readonly networks: readonly PeerNetwork['network'][];
}

const PEERS = {
  torch: {
    name: 'PyTorch',
    script: 'pytorch',
    packages: 'numpy torch',
    compile: false,
    networks: ['trajectory', 'picture'],
  },
  'torch-compile': {
    name: 'compiled PyTorch',
    script: 'pytorch',
    packages: 'numpy torch',
    compile: true,
    networks: ['trajectory', 'picture'],
  },
  jax: {
    name: 'JAX',
    script: 'jax',
    packages: 'numpy jax',
    compile: true,
    networks: ['trajectory'],
  },
} as const satisfies Record<string, PeerProgram>;

export type PeerName = keyof typeof PEERS;
export const PEER_NAMES = Object.keys(PEERS) as readonly PeerName[];

/** A plan of ours, which a peer must come to as well: it is to be measured at the same work. */
export interface PeerPlan {
  /** Of the flat vector of weights. */
  readonly parameters: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly weights: Float32Array;
  /** [B, Tp, Da] */
  readonly noise: Float32Array;
  /** [B, To·Do] */
  readonly observation: Float32Array;
  /** [B, Tp, Da] */
  readonly chunk: Float32Array;
}

/** Largest difference of a chunk's numbers, relative where they are large. */
const MOST_DIFFERENCE = 1e-4;

/** The same work in another library, in a process of its own. */
export class Peer {
  readonly #program: PeerProgram;
  readonly #name: PeerName;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Interface;
  #errors = '';

  constructor(name: PeerName, python: string) {
    this.#name = name;
    this.#program = PEERS[name];
    const { script } = this.#program;
    this.#child = spawn(python, ['-B', join(PACKAGE_ROOT, 'scripts', 'bench', script, 'peer.py')]);
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

  /**
   * @returns its name and version
   * @throws ProtocolError for a network that it does not have
   */
  async open(peerCase: PeerCase): Promise<string> {
    const { compile, name, networks } = this.#program;
    if (!networks.includes(peerCase.network)) {
      throw new ProtocolError(
        'invalid-request',
        `--peer ${this.#name}: expected a network of ${networks.join(' or ')}, got ` +
          `${peerCase.network}; choose --peer torch`,
      );
    }
    const answer = await this.#ask({ do: 'open', compile, ...peerCase });
    return `${name} ${openedSchema.parse(answer).version}`;
  }

  /**
   * Has it draw a plan of ours, with our weights, which it then keeps.
   *
   * @returns the largest difference
   * @throws ProtocolError where the plan is another
   */
  async check({ parameters, chunk, ...given }: PeerPlan): Promise<number> {
    const folder = await mkdtemp(join(tmpdir(), 'forking-paths-peer-'));
    try {
      const path = (name: string) => join(folder, name);
      for (const [name, numbers] of Object.entries(given)) {
        await writeFile(
          path(name),
          new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
        );
      }
      const named = Object.fromEntries(
        [...Object.keys(given), 'chunk'].map((name) => [name, path(name)]),
      );
      drawnSchema.parse(await this.#ask({ do: 'draw', parameters, ...named }));
      const bytes = await readFile(path('chunk'));
      const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
      const difference = largestDifference(theirs, chunk);
      if (difference <= MOST_DIFFERENCE) return difference;
      throw new ProtocolError(
        'failed',
        `--peer ${this.#name}: expected the plan that ours draws with the same weights, to ` +
          `${MOST_DIFFERENCE}, got one that differs by ${difference.toPrecision(2)}`,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
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
      `--peer ${this.#name}: expected python3 with ${this.#program.packages}, got "${reason}"; ` +
        `install them (pip install ${this.#program.packages}), name another Python with --python, or ` +
        'leave --peer out',
    );
  }
}

function largestDifference(theirs: Float32Array, ours: Float32Array): number {
  if (theirs.length !== ours.length) return Number.POSITIVE_INFINITY;
  return ours.reduce((most, value, i) => {
    const difference = Math.abs(theirs[i] - value) / (1 + Math.abs(value));
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(most, difference);
  }, 0);
}
