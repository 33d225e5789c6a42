/** A system for which ONNX Runtime was not built: all that needs no network works, and so does the engine `cpu`. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startManyCli } from '../support/cli.ts';
import { addPair } from '../support/pair.ts';
import { ROOT } from '../support/sources.ts';
import { temporaryWorkspace } from '../support/temporary.ts';

vi.setConfig({ testTimeout: 300_000 });

let data: string;
beforeAll(async () => {
  const workspace = await temporaryWorkspace();
  data = workspace.place.data;
  await addPair(workspace);
});

const PRELOAD = `--require ${ROOT}tests/support/without-onnxruntime.cjs`;
const { run: without } = startManyCli({ NODE_OPTIONS: PRELOAD });

describe('without ONNX Runtime', () => {
  it.each([
    '--help',
    '--version',
    'policies',
    'demos list --data DATA',
    'demos show pair --data DATA',
    'demos verify pair --data DATA',
    'export --policy flow --nfe 1 --out DATA/flow.onnx --data DATA',
    'bench sim --episodes 1',
  ])('"%s" works', async (line) => {
    const result = await without(...line.split(' ').map((word) => word.replace('DATA', data)));
    expect(result).toMatchObject({ code: 0, stderr: expect.not.stringContaining('error') });
    expect(result.stdout).not.toBe('');
  });

  it('a policy is evaluated on the engine "cpu"', async () => {
    const words = 'evaluate --policy l2 --engine cpu --rollouts 1 --json'.split(' ');
    const { code, stdout } = await without(...words, '--data', data);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).engine).toMatch(/^eager .*cpu/);
  });

  it('the doctor says that it is missing, why, and what helps', async () => {
    const { code, stdout, stderr } = await without('doctor', '--json', '--data', data);
    expect(stderr).toBe('');
    expect(code).toBe(1);
    const { ok, findings } = JSON.parse(stdout) as {
      ok: boolean;
      findings: { what: string; verdict: string; cure?: string }[];
    };
    expect(ok).toBe(false);
    const missing = findings.filter(({ verdict }) => verdict === 'missing');
    expect(missing.map(({ what }) => what)).toEqual(['engine compiled (used by default)']);
    expect(missing[0].cure).toMatch(/expected ONNX Runtime .*got ".*ld-linux.*"; .*glibc.*npm ci/);
    expect(missing[0].cure).toContain('--engine cpu');
    expect(findings.find(({ what }) => what === 'engine cpu')).toMatchObject({ verdict: 'ok' });
  });

  it.each([
    'evaluate --policy l2 --rollouts 1 --data DATA',
    'latency --seconds 1 --data DATA',
    'lesson',
    'train --policy l2 --dataset pair --steps 1 --data DATA',
    'bench infer --net 8 --calls 5',
    'evaluate --policy l2 --rollouts 1 --engine webgpu --data DATA',
  ])('"%s" fails with what was expected, what was got and the cure', async (line) => {
    const { code, stdout, stderr } = await without(
      ...line.split(' ').map((word) => word.replace('DATA', data)),
    );
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: expected ONNX Runtime [\d.]+ for .*got ".*".*--engine cpu/m);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });
});
