import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll } from 'vitest';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** A host of files below a path of its own: no headers but the type, and text compressed, as hosts do. */
export interface StaticHost {
  readonly url: string;
  /** Bytes sent so far. */
  sent(): number;
  /** Paths that it says it does not have. */
  readonly missing: Set<string>;
}

export async function startStaticHost(folder: string, path: string): Promise<StaticHost> {
  let sent = 0;
  const missing = new Set<string>();
  const server = createServer((request, response) => {
    const asked = decodeURIComponent(new URL(request.url ?? '/', 'http://host').pathname);
    const inside = asked.startsWith(path) ? asked.slice(path.length) : null;
    const name = inside !== null && /(^|\/)$/.test(inside) ? `${inside}index.html` : inside;
    const found =
      name === null || missing.has(name) || name.includes('..')
        ? Promise.reject(new Error('not here'))
        : readFile(join(folder, name));
    found.then(
      (bytes) => {
        const text = TYPES[extname(name ?? '')];
        const body = text ? gzipSync(bytes) : bytes;
        sent += body.length;
        response
          .writeHead(200, {
            'content-type': text ?? 'application/octet-stream',
            ...(text && { 'content-encoding': 'gzip' }),
          })
          .end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${path}`, sent: () => sent, missing };
}
