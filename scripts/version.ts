import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../server/storage/package-root.ts';

const manifest: { version: string; engines: { node: string } } = JSON.parse(
  readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8'),
);

/** As package.json says. */
export const VERSION = manifest.version;

/** Oldest Node.js this runs on, e.g. "20.19". */
export const LEAST_NODE = manifest.engines.node.replace(/^>=/, '');
