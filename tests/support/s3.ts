import { createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { vi } from 'vitest';

/** What is done with a request to the store: what is answered in its place, or how it is spoilt. */
export type Fault =
  | { readonly status: number; readonly code: string }
  /** Never answered. */
  | 'silence'
  /** Answered with all headers and half of the body. */
  | 'cut off'
  /** Done, and answered as if it had not been. */
  | 'unheard'
  /** Something else comes first. */
  | (() => Promise<unknown>);

/** An object store of a test, with somebody before it who spoils requests. */
export interface S3Store {
  /** Faults of the requests to come, in their order; where there is none, and null, they go through. */
  readonly faults: (Fault | null)[];
  /** "GET /bucket/key" of those that came. */
  readonly requests: string[];
  /** Whether it knows `If-None-Match`, as Amazon's does and fauxqs does not. @default true */
  knowsConditions: boolean;
  close(): Promise<void>;
}

/** Starts one with an empty bucket of that name, and points the AWS_* variables at it. */
export async function startS3(bucket: string): Promise<S3Store> {
  const store = await startFauxqs({ port: 0, logger: false });
  const faults: (Fault | null)[] = [];
  const requests: string[] = [];
  const settings = { faults, requests, knowsConditions: true };
  const before = spoil(store, settings);
  await new Promise<void>((resolve) => before.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(before.address() as AddressInfo).port}`;
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
  requests.length = 0;
  return Object.assign(settings, {
    async close() {
      vi.unstubAllEnvs();
      before.closeAllConnections();
      await new Promise((resolve) => before.close(resolve));
      await store.stop();
    },
  });
}

function spoil({ port }: FauxqsServer, store: Omit<S3Store, 'close'>): Server {
  /** Keys of what was put and not removed. */
  const kept = new Set<string>();
  const refuse = (answer: ServerResponse, status: number, code: string) => {
    answer.writeHead(status, { 'content-type': 'application/xml' });
    answer.end(`<Error><Code>${code}</Code><Message>as the test asks</Message></Error>`);
  };
  return createServer(async (asked, answer) => {
    const { method, url = '', headers } = asked;
    store.requests.push(`${method} ${url}`);
    const fault = store.faults.shift();
    if (fault === 'silence') return;
    if (fault && typeof fault === 'object') {
      asked.resume();
      refuse(answer, fault.status, fault.code);
      return;
    }
    if (typeof fault === 'function') await fault();
    const [key] = url.split('?');
    if (store.knowsConditions && headers['if-none-match'] === '*' && kept.has(key)) {
      asked.resume();
      refuse(answer, 412, 'PreconditionFailed');
      return;
    }
    if (method === 'PUT') kept.add(key);
    if (method === 'DELETE') kept.delete(key);
    const on = request({ port, host: '127.0.0.1', method, path: url, headers }, (from) => {
      if (fault === 'unheard') {
        from.resume();
        refuse(answer, 500, 'InternalError');
        return;
      }
      answer.writeHead(from.statusCode ?? 500, from.headers);
      if (fault !== 'cut off') {
        from.pipe(answer);
        return;
      }
      from.once('data', (some: Buffer) => {
        answer.write(some.subarray(0, some.length / 2), () => answer.destroy());
      });
    });
    asked.pipe(on);
  });
}

/** An endpoint at which nobody listens. */
export async function deadEndpoint(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
