import { expect, it } from 'vitest';
import { ERROR_CODES, ProtocolError } from '../../../server/protocol/errors.ts';

it('the table of error codes names each once', () => {
  expect(new Set(ERROR_CODES).size).toBe(ERROR_CODES.length);
});

it.each(ERROR_CODES)('an error "%s" travels as its code and message alone', (code) => {
  const error = new ProtocolError(code, 'expected this, got that', { cause: new Error('secret') });
  expect(error).toBeInstanceOf(Error);
  expect(JSON.parse(JSON.stringify(error.report))).toEqual({
    code,
    message: 'expected this, got that',
  });
});
