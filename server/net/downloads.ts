import { pipeline } from 'node:stream/promises';
import express, { type Response, type Router } from 'express';
import { type JobBoard, reportError } from '../jobs/index.ts';
import { type ErrorCode, LIMITS, ProtocolError } from '../protocol/index.ts';

const STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  'invalid-request': 400,
  'not-found': 404,
  conflict: 409,
  busy: 503,
};

/** Checkpoints of runs, as files. Mounted behind the gatekeeper. */
export function downloads({ runs }: Pick<JobBoard, 'runs'>): Router {
  const router = express.Router();
  let underWay = 0;
  router.get('/runs/:id/checkpoint.safetensors', async (request, response) => {
    const { id } = request.params;
    if (underWay >= LIMITS.downloads) {
      const what = `expected at most ${LIMITS.downloads} downloads at once; wait for one to end`;
      refuse(response, new ProtocolError('busy', what));
      return;
    }
    underWay++;
    try {
      await send(response, id, request.method === 'HEAD');
    } catch (error) {
      refuse(response, error);
    } finally {
      underWay--;
    }
  });

  async function send(response: Response, id: string, headersOnly: boolean): Promise<void> {
    const { bytes, file } = await runs.openCheckpoint(id);
    try {
      response.setHeader('Content-Type', 'application/octet-stream');
      response.setHeader('Content-Length', bytes);
      // The id is a name of ours: nothing in it needs quoting.
      response.setHeader('Content-Disposition', `attachment; filename="${id}.safetensors"`);
      response.setHeader('Cache-Control', 'no-store');
      if (headersOnly) response.end();
      else {
        const content = file.createReadStream({ start: 0, end: bytes - 1, autoClose: false });
        await pipeline(content, response);
      }
    } finally {
      await file.close();
    }
  }
  return router;
}

/** Says what went wrong; a download that has begun can only be cut off. */
function refuse(response: Response, error: unknown): void {
  const report = reportError(error);
  const left = response.destroyed || response.headersSent;
  if (report.code === 'internal' && !left) console.error(error);
  if (left) response.destroy();
  else response.status(STATUS[report.code] ?? 500).json(report);
}
