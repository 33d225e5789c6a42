import type { Artefacts } from './artefacts.ts';
import { Folder } from './folder.ts';
import { S3Artefacts } from './s3.ts';
import { isS3, parseS3Address } from './s3-address.ts';

export type { Artefacts } from './artefacts.ts';
export { isS3, parseS3Address } from './s3-address.ts';

/**
 * @param place a directory, or s3://BUCKET/PREFIX; neither is looked at yet
 * @throws ProtocolError 'invalid-request' for an address of an object store that is none
 */
export function openArtefacts(place: string): Artefacts {
  return isS3(place) ? new S3Artefacts(parseS3Address(place)) : new Folder(place);
}
