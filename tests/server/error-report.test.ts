import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { z } from 'zod';
import { DATASET_ERROR_CODES, DatasetError } from '../../demos/store/index.ts';
import { nameSchema, SpecError } from '../../policies/config/index.ts';
import { EngineError } from '../../policies/engine/index.ts';
import { TrainingDivergedError } from '../../policies/training/trainer.ts';
import { reportError } from '../../server/error-report.ts';
import { ERROR_CODES, ProtocolError } from '../../server/protocol/errors.ts';
import { PhysicsDivergedError, SimError } from '../../sim/index.ts';

it.each([
  ['invalid-name', 'invalid-request'],
  ['invalid-demonstration', 'invalid-request'],
  ['not-found', 'not-found'],
  ['exists', 'exists'],
  ['damaged', 'damaged'],
  ['locked', 'busy'],
  ['mismatch', 'conflict'],
] as const)("a dataset's %s is reported as %s", (code, reported) => {
  const report = reportError(new DatasetError(code, 'what happened'));
  expect(report).toEqual({ code: reported, message: 'what happened' });
});

it("none of a dataset's errors is left out", () => {
  for (const code of DATASET_ERROR_CODES) {
    expect(ERROR_CODES).toContain(reportError(new DatasetError(code, '')).code);
  }
});

it.each([
  ['a name nobody knows', new SimError('m'), 'invalid-request'],
  ['a sampler that does not fit', new SpecError('m'), 'invalid-request'],
  ['an engine that is not installed', new EngineError('m'), 'failed'],
  ['a loss that is not a number', new TrainingDivergedError('m'), 'diverged'],
  ['a fault', new TypeError('m'), 'internal'],
])('%s has its place in the table', (_, error, code) => {
  expect(reportError(error)).toEqual({ code, message: 'm' });
});

it('a name that is none is wrong usage, said in a line', () => {
  const { error } = z.strictObject({ name: nameSchema }).safeParse({ name: 'Bad Name' });
  const { code, message } = reportError(error);
  expect(code).toBe('invalid-request');
  expect(message).toContain('expected 1 to 64 of a–z');
  expect(message).toContain('name');
});

it.each([
  ['EADDRINUSE', '--port'],
  ['ENOSPC', 'make room'],
  ['EDQUOT', 'make room'],
  ['ENOENT', 'make the directory first'],
  ['ENOTDIR', 'choose another path'],
  ['EISDIR', 'choose another path'],
  ['EEXIST', 'choose another name'],
  ['EINVAL', 'choose another path'],
  ['EMFILE', 'ulimit -n'],
  ['EACCES', 'this user may not'],
  ['EROFS', '--data'],
])('where the system refuses with %s the cure is said', (code, cure) => {
  const report = reportError(Object.assign(new Error(`listen ${code}`), { code }));
  expect(report.code).toBe('failed');
  expect(report.message).toContain(cure);
});

it('a directory that a disk to be read only refused is not said to be missing', () => {
  const { accessSync } = fs;
  const path = join('disk', 'data', 'runs');
  const error = Object.assign(new Error(`ENOENT: no such file or directory, mkdir '${path}'`), {
    ...{ code: 'ENOENT', syscall: 'mkdir', path },
  });
  vi.spyOn(fs, 'accessSync').mockImplementation((asked, mode) => {
    if (asked !== join('disk', 'data')) return accessSync(asked, mode);
    throw Object.assign(new Error(`EROFS: read-only file system, access '${asked}'`), {
      code: 'EROFS',
    });
  });
  syncBuiltinESMExports();
  try {
    const { code, message } = reportError(error);
    expect(code).toBe('failed');
    expect(message).toMatch(/^EROFS: read-only file system.*data'; .*choose another directory/);
  } finally {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  }
});

it('a world that left the finite numbers has failed', () => {
  expect(reportError(new PhysicsDivergedError({ step: 3, recent: [] })).code).toBe('diverged');
});

it("a protocol's own error stays what it is", () => {
  const error = new ProtocolError('busy', 'wait', { cause: new Error('secret') });
  expect(reportError(error)).toEqual({ code: 'busy', message: 'wait' });
});

it.each([undefined, null, 'text', 7])('what is no error (%s) is a fault', (thrown) => {
  expect(reportError(thrown)).toEqual({ code: 'internal', message: String(thrown) });
});

it('what was got is cut where it is long, and never makes a report of any length', () => {
  const reports = [
    reportError(new ProtocolError('damaged', 'x'.repeat(1e6))),
    reportError(new Error('x'.repeat(1e6))),
    reportError('x'.repeat(1e6)),
    reportError(z.strictObject({}).safeParse({ ['x'.repeat(1e6)]: 1 }).error),
  ];
  for (const { message } of reports) expect(message.length).toBeLessThanOrEqual(4000);
});
