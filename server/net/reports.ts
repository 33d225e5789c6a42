import { pipeline } from 'node:stream/promises';
import express, { type Request, type Router } from 'express';
import type { JobBoard } from '../jobs/index.ts';
import { refuse } from './downloads.ts';

/**
 * It has no script and loads nothing, whatever the names in it are: links open the page here, which a
 * sandbox of another origin would not be let in to.
 */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  'sandbox allow-same-origin allow-top-navigation-by-user-activation allow-popups',
].join('; ');

/** Reports of experiments, as pages. Mounted behind the gatekeeper, which knows the host. */
export function reports({ experiments }: Pick<JobBoard, 'experiments'>): Router {
  const router = express.Router();
  router.get(
    '/experiments/:name/report.html',
    async (request: Request<{ name: string }>, response) => {
      try {
        const page = `${request.protocol}://${request.headers.host ?? ''}/`;
        const { file, size, end } = await experiments.report(request.params.name, page);
        try {
          response.setHeader('Content-Type', 'text/html; charset=utf-8');
          response.setHeader('Content-Security-Policy', POLICY);
          response.setHeader('Cache-Control', 'no-store');
          response.setHeader('Content-Length', size);
          if (request.method === 'HEAD' || size === 0) response.end();
          else
            await pipeline(
              file.createReadStream({ start: 0, end: size - 1, autoClose: false }),
              response,
            );
        } finally {
          await end();
        }
      } catch (error) {
        refuse(response, error);
      }
    },
  );
  return router;
}
