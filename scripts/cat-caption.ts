import { CAPTION_VOCABULARY, type ParsedCaption, parseCaption } from '../demos/cats/index.ts';
import { ProtocolError } from '../server/protocol/errors.ts';

/**
 * What a caption of a command asks for.
 *
 * @throws ProtocolError 'invalid-request' for words that say nothing, and for what no cat is
 */
export function captionOf(text: string): ParsedCaption {
  const parsed = parseCaption(text);
  if (parsed.unknown.length === 0) return parsed;
  throw new ProtocolError(
    'invalid-request',
    `caption: expected words among ${CAPTION_VOCABULARY.join(', ')}, ` +
      `got ${parsed.unknown.join(', ')}; leave them out`,
  );
}
