import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Peer, type PeerCase, type PeerName } from '../../../scripts/bench/peer.ts';

const CASE: PeerCase = {
  ...{ network: 'trajectory', channels: [8], kernel: 3, groups: 1, embedding: 4, horizon: 1 },
  ...{ actionDim: 2, observationDim: 1, kind: 'infer', batch: 1, steps: 1, threads: 1 },
};
const PICTURE: PeerCase = {
  ...{ network: 'picture', channels: [8], groups: 1, embedding: 4, attentionSide: 4, size: 32 },
  ...{ patch: 4, width: 8, heads: 1, layers: 1, tokens: 4, vocabulary: 3 },
  ...{ kind: 'infer', batch: 1, steps: 1, threads: 1 },
};

/** Speaks a peer's protocol, and draws the sum of noise and weights. */
const PEER = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
const floats = (path) => new Float32Array(new Uint8Array(readFileSync(path)).buffer);
const answers = {
  open: ({ compile }) => ({ version: compile ? '1 of two' : '1', parameters: 2 }),
  draw: ({ weights, noise, chunk }) => {
    const added = floats(weights);
    writeFileSync(chunk, new Uint8Array(floats(noise).map((x, i) => x + added[i]).buffer));
    return { drawn: true };
  },
  run: ({ times }) => ({ ms: Array(times).fill(1), cpuMs: Array(times).fill(2) }),
};
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line);
  console.log(JSON.stringify(answers[request.do](request)));
});
`;

describe('a peer', () => {
  let folder: string;
  let python: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'forking-paths-peer-test-'));
    python = join(folder, 'python');
    await writeFile(python, PEER, { mode: 0o755 });
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function withPeer(name: PeerName, use: (peer: Peer) => Promise<void>): Promise<void> {
    const peer = new Peer(name, python);
    try {
      await use(peer);
    } finally {
      peer.close();
    }
  }

  const planEndingIn = (...chunk: number[]) => ({
    parameters: [{ name: 'output.bias', shape: [2] }],
    weights: Float32Array.of(1, 2),
    noise: Float32Array.of(10, 20),
    observation: Float32Array.of(0),
    chunk: Float32Array.from(chunk),
  });

  it('is named with its version, and says what each call took', async () => {
    await withPeer('torch', async (peer) => {
      expect(await peer.open(CASE)).toBe('PyTorch 1');
      expect(await peer.run(2)).toEqual({ ms: [1, 1], cpuMs: [2, 2] });
    });
    await withPeer('torch-compile', async (peer) => {
      expect(await peer.open(CASE)).toBe('compiled PyTorch 1 of two');
    });
  });

  it('must draw our plan with our weights, to 1e-4', async () => {
    await withPeer('jax', async (peer) => {
      await peer.open(CASE);
      expect(await peer.check(planEndingIn(11, 22))).toBe(0);
      expect(await peer.check(planEndingIn(11, 22.001))).toBeLessThan(1e-4);
      await expect(peer.check(planEndingIn(11, 22.01))).rejects.toThrow(
        /--peer jax: expected the plan that ours draws .* differs by 0\.00043/,
      );
      await expect(peer.check(planEndingIn(11))).rejects.toThrow('differs by Infinity');
    });
  });

  it('that lacks a network says who has it', async () => {
    await withPeer('jax', async (peer) => {
      await expect(peer.open(PICTURE)).rejects.toThrow(
        '--peer jax: expected a network of trajectory, got picture; choose --peer torch',
      );
    });
  });
});
