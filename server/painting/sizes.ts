import { PICTURE_SIZES, type PictureSize } from '../../demos/cats/index.ts';
import type { PictureSpec } from '../../policies/config/picture.ts';
import { ProtocolError } from '../protocol/errors.ts';

/** @throws ProtocolError 'conflict' for a painter of pictures of a size that no cats are drawn in */
export function sizeOfPainter({ size }: Pick<PictureSpec, 'size'>): PictureSize {
  const known = PICTURE_SIZES.find((each) => each === size);
  if (known !== undefined) return known;
  throw new ProtocolError(
    'conflict',
    `painter: expected pictures of ${PICTURE_SIZES.join(', ')} pixels a side, got ${size}; train ` +
      'one of these sizes',
  );
}
