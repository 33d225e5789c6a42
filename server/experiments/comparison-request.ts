/** What was asked for, beside the plan of an experiment that is a comparison's. */
import { FileError } from '../../demos/files/index.ts';
import { type PageCompareRequest, pageCompareSchema } from '../protocol/compare.ts';
import type { ExperimentDirectory } from './directory.ts';

const REQUEST_FILE = 'comparison.json';
const MOST_REQUEST_BYTES = 64 * 1024;

/** Keeps what was asked for, so that whoever runs the last shard can conclude. */
export async function keepRequest(
  directory: ExperimentDirectory,
  request: PageCompareRequest,
): Promise<void> {
  await directory.write(REQUEST_FILE, JSON.stringify(request));
}

/** What was asked for; null of an experiment that is no comparison's, or where that is damaged. */
export async function requestOf(
  directory: ExperimentDirectory,
): Promise<PageCompareRequest | null> {
  try {
    const content = await directory.readBeside(REQUEST_FILE, MOST_REQUEST_BYTES);
    return content === null
      ? null
      : (pageCompareSchema.safeParse(JSON.parse(content)).data ?? null);
  } catch (error) {
    if (error instanceof FileError || error instanceof SyntaxError) return null;
    throw error;
  }
}
