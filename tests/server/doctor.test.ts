import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examine, type Finding } from '../../server/doctor.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const find = (findings: readonly Finding[], what: string) =>
  findings.find((finding) => finding.what.startsWith(what));

describe('the doctor', () => {
  it('finds this machine fit, engines tried and checkpoints read', async () => {
    const findings = await examine(await temporaryDirectory(), '20.19');
    expect(find(findings, 'engine compiled')).toMatchObject({
      verdict: 'ok',
      found: expect.stringContaining('ONNX Runtime'),
    });
    expect(find(findings, 'checkpoint flow')?.found).toMatch(/^\d+ parameters, task left-right/);
    expect(find(findings, 'physics')?.found).toMatch(/Rapier \d/);
    expect(find(findings, 'page')?.verdict).toBe('ok');
    expect(findings.filter(({ verdict }) => verdict === 'missing')).toEqual([]);
  });

  it('does not mind a data directory that is to be made', async () => {
    const data = join(await temporaryDirectory(), 'new', 'er');
    expect(find(await examine(data, '20.19'), 'data')).toMatchObject({ verdict: 'ok' });
  });

  it('says what is missing and how to get it', async () => {
    const findings = await examine('/proc/forking-paths', '99.1');
    expect(find(findings, 'Node.js')).toMatchObject({
      verdict: 'missing',
      cure: 'install 99.1 or newer',
    });
    expect(find(findings, 'data')).toMatchObject({ verdict: 'missing' });
  });

  it('says of an engine that is not installed how to install it', async () => {
    const tensorflow = find(await examine(await temporaryDirectory(), '20.19'), 'engine tensor');
    if (tensorflow?.verdict === 'ok') return;
    expect(tensorflow).toMatchObject({
      verdict: 'optional',
      cure: expect.stringContaining('npm install @tensorflow/tfjs-node-gpu'),
    });
  });
});
