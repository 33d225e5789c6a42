import express, { type Request, type Router } from 'express';
import type { JobBoard } from '../jobs/index.ts';
import { LIMITS, ProtocolError } from '../protocol/index.ts';
import { refuse } from './downloads.ts';

/** What an archive must be said to be: a form of another site's page cannot. */
const TYPE = 'application/zip';

/** Datasets that pages bring, as archives. Mounted behind the gatekeeper. */
export function uploads({ transfer }: Pick<JobBoard, 'transfer'>): Router {
  const router = express.Router();
  let underWay = 0;
  router.post('/datasets/:name', async (request, response) => {
    let begun = false;
    try {
      checkUpload(request, underWay);
      begun = true;
      underWay++;
      response.status(201).json(await transfer.receive(request.params.name, request));
    } catch (error) {
      // What still comes is not read: the connection ends with the answer.
      response.setHeader('Connection', 'close');
      refuse(response, error);
    } finally {
      if (begun) underWay--;
    }
  });
  return router;
}

/** @throws ProtocolError before anything is read */
function checkUpload({ headers }: Request, underWay: number): void {
  const type = headers['content-type'];
  if (type !== TYPE) {
    const got = JSON.stringify((type ?? 'none').slice(0, 80));
    throw new ProtocolError('invalid-request', `import: expected content of ${TYPE}, got ${got}`);
  }
  const length = Number(headers['content-length']);
  if (length > LIMITS.importBytes) {
    throw new ProtocolError(
      'invalid-request',
      `import: expected at most ${LIMITS.importBytes} bytes, got ${length}; split the dataset`,
    );
  }
  if (underWay < LIMITS.uploads) return;
  const what = `import: expected at most ${LIMITS.uploads} at once; wait for one to end`;
  throw new ProtocolError('busy', what);
}
