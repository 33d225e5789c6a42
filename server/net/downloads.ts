import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import express, { type Request, type Response, type Router } from 'express';
import { type JobBoard, reportError } from '../jobs/index.ts';
import { type ErrorCode, LIMITS, ProtocolError } from '../protocol/index.ts';

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  'invalid-request': 400,
  'not-found': 404,
  exists: 409,
  conflict: 409,
  damaged: 422,
  busy: 503,
};

/** A file on its way out, and what to do once it is there or has broken off. */
interface Sent {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly file: FileHandle;
  end(): Promise<void>;
}

/** Checkpoints of runs and archives of datasets, as files. Mounted behind the gatekeeper. */
export function downloads({ runs, transfer }: Pick<JobBoard, 'runs' | 'transfer'>): Router {
  const router = express.Router();
  let underWay = 0;
  const offer = (path: string, open: (name: string) => Promise<Sent>) =>
    router.get(path, async (request: Request<{ name: string }>, response) => {
      if (underWay >= LIMITS.downloads) {
        const what = `expected at most ${LIMITS.downloads} downloads at once; wait for one to end`;
        refuse(response, new ProtocolError('busy', what));
        return;
      }
      underWay++;
      try {
        await send(response, await open(request.params.name), request.method === 'HEAD');
      } catch (error) {
        refuse(response, error);
      } finally {
        underWay--;
      }
    });
  offer('/runs/:name/checkpoint.safetensors', async (id) => {
    const { bytes, file } = await runs.openCheckpoint(id);
    const end = () => file.close();
    return { name: `${id}.safetensors`, type: 'application/octet-stream', bytes, file, end };
  });
  offer('/datasets/:name/dataset.zip', async (name) => {
    const packed = await transfer.pack(name);
    return { name: `${name}.zip`, type: 'application/zip', ...packed };
  });
  return router;
}

async function send(response: Response, sent: Sent, headersOnly: boolean): Promise<void> {
  const { name, type, bytes, file, end } = sent;
  try {
    response.setHeader('Content-Type', type);
    response.setHeader('Content-Length', bytes);
    // A name of ours: nothing in it needs quoting.
    response.setHeader('Content-Disposition', `attachment; filename="${name}"`);
    response.setHeader('Cache-Control', 'no-store');
    if (headersOnly) response.end();
    else {
      const content = file.createReadStream({ start: 0, end: bytes - 1, autoClose: false });
      await pipeline(content, response);
    }
  } finally {
    await end();
  }
}

/** Says what went wrong; a download that has begun can only be cut off. */
export function refuse(response: Response, error: unknown): void {
  const report = reportError(error);
  const left = response.destroyed || response.headersSent;
  if (report.code === 'internal' && !left) console.error(error);
  if (left) response.destroy();
  else response.status(STATUS[report.code] ?? 500).json(report);
}
