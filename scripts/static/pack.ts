import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Packing } from '../../server/in-page/pack.ts';

/** As far as it goes, or quickly, a fifth larger: to try a build out. */
export type Effort = 'full' | 'draft';

const QUALITY: Readonly<Record<Effort, number>> = { full: constants.BROTLI_MAX_QUALITY, draft: 5 };

/**
 * As `unpack` undoes it.
 *
 * @cost by brotli in full 2 s a MB
 */
export function pack(bytes: Uint8Array, packing: Packing, effort: Effort): Uint8Array {
  if (packing === 'gzip') return gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY[effort],
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}
