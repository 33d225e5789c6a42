import { monitorEventLoopDelay } from 'node:perf_hooks';
import compression from 'compression';
import express, {
  type ErrorRequestHandler,
  type Express,
  type RequestHandler,
  type Router,
} from 'express';
import helmet from 'helmet';
import type { ErrorReport } from '../protocol/errors.ts';
import { type Gatekeeper, TOKEN_COOKIE, tokenInQuery } from './gatekeeper.ts';
import type { VisitLimit } from './visit-limit.ts';

/**
 * The HTTP side: the page's files, and those of runs. Everything that changes anything goes over
 * the socket.
 *
 * @param page      directory of the built page
 * @param downloads answers what it has a file for
 */
export function createHttp(
  gatekeeper: Gatekeeper,
  visits: VisitLimit,
  page: string,
  downloads: Router,
): Express {
  const app = express();
  app.disable('x-powered-by');
  // Before the token is looked at: guesses count.
  app.use(visits.middleware);
  app.use(admit(gatekeeper));
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          // The physics engine is WebAssembly.
          scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
          // The plots and the stage place things by style attributes.
          styleSrc: ["'self'", "'unsafe-inline'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          connectSrc: ["'self'", 'data:'],
          workerSrc: ["'self'", 'blob:'],
          objectSrc: ["'none'"],
          frameAncestors: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
        },
      },
      // It would break plain HTTP in a local network.
      strictTransportSecurity: false,
    }),
  );
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  app.get('/health', (_request, response) => {
    // How late the event loop was since somebody asked last: the time everything here waits.
    const [p50, p99, max] = [lag.percentile(50), lag.percentile(99), lag.max].map((ns) => ns / 1e6);
    lag.reset();
    response.json({ ok: true, eventLoopLagMs: { p50, p99, max } });
  });
  app.use(downloads);
  app.use(compression());
  // Built files carry a hash of their content in their names; the page itself does not.
  app.use('/assets', express.static(`${page}/assets`, { immutable: true, maxAge: '1y' }));
  app.use(express.static(page, { index: 'index.html' }));
  app.use((request, response) => {
    const report: ErrorReport = {
      code: 'not-found',
      message: `expected a file of the page, got ${request.path.slice(0, 200)}`,
    };
    response.status(404).json(report);
  });
  app.use(reportFailure);
  return app;
}

/** Refuses strangers; takes the token from the address into a cookie and cleans the address. */
function admit(gatekeeper: Gatekeeper): RequestHandler {
  return (request, response, next) => {
    const refusal = gatekeeper.check(request);
    if (refusal) {
      const report: ErrorReport = { code: 'unauthorized', message: refusal.message };
      response.status(refusal.status).json(report);
      return;
    }
    const token = tokenInQuery(request);
    if (gatekeeper.token === null || token === null) {
      next();
      return;
    }
    response.cookie(TOKEN_COOKIE, token, { httpOnly: true, sameSite: 'strict' });
    response.redirect('/');
  };
}

const reportFailure: ErrorRequestHandler = (error, _request, response, _next) => {
  const status = typeof error?.status === 'number' ? error.status : 500;
  const report: ErrorReport =
    status < 500
      ? { code: 'invalid-request', message: String(error.message) }
      : { code: 'internal', message: 'the server failed to answer; its log says why' };
  if (status >= 500) console.error(error);
  response.status(status).json(report);
};
