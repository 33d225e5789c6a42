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
import { cutText } from '../protocol/issues.ts';
import { LIMITS } from '../protocol/limits.ts';
import { type Admission, reportRefusal } from './admission.ts';
import type { ClientAddresses } from './client-address.ts';
import { type Gatekeeper, tokenCookie, tokenInQuery } from './gatekeeper.ts';
import { VisitLimit } from './visit-limit.ts';

export interface HttpParts {
  readonly gatekeeper: Gatekeeper;
  readonly admission: Admission;
  readonly addresses: ClientAddresses;
  /** Directory of the built page. */
  readonly page: string;
  /** Answers what it has a file for. */
  readonly downloads: Router;
  /** Answers with what it has a page for. */
  readonly reports: Router;
  /** Takes files in. */
  readonly uploads: Router;
}

/**
 * The HTTP side: the page's files, those of runs, and datasets, which also come in here. Everything
 * else that changes anything goes over the socket.
 */
export function createHttp({
  gatekeeper,
  admission,
  addresses,
  page,
  downloads,
  reports,
  uploads,
}: HttpParts): Express {
  const app = express();
  app.disable('x-powered-by');
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
          frameAncestors: gatekeeper.embedders.length > 0 ? [...gatekeeper.embedders] : ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
        },
      },
      // It knows no origins; browsers that know frame-ancestors do not read it.
      xFrameOptions: gatekeeper.embedders.length === 0,
      // It would break plain HTTP in a local network.
      strictTransportSecurity: false,
    }),
  );
  app.get('/health', sayAlive(addresses));
  app.use(admit(gatekeeper, admission));
  app.get('/event-loop-lag', sayLag());
  app.use(downloads);
  app.use(reports);
  app.use(uploads);
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

/**
 * Says that the server answers, and nothing else, to anybody: probes know neither its name nor its
 * token.
 */
function sayAlive(addresses: ClientAddresses): RequestHandler {
  const probes = new VisitLimit(LIMITS.visitsPerMinute);
  return (request, response) => {
    response.set('Cache-Control', 'no-store');
    if (probes.take(addresses.of(request))) response.json({ ok: true });
    else response.status(429).json({ code: 'busy', message: 'expected fewer probes' });
  };
}

/** How late the event loop was since somebody asked last, ms: the time everything here waits. */
function sayLag(): RequestHandler {
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  return (_request, response) => {
    const [p50, p99, max] = [lag.percentile(50), lag.percentile(99), lag.max].map((ns) => ns / 1e6);
    lag.reset();
    response.json({ p50, p99, max });
  };
}

/** Refuses strangers; takes the token from the address into a cookie and cleans the address. */
function admit(gatekeeper: Gatekeeper, admission: Admission): RequestHandler {
  return (request, response, next) => {
    const refusal = admission.check(request, 'page');
    if (refusal) {
      response.status(refusal.status).json(reportRefusal(refusal));
      return;
    }
    const token = tokenInQuery(request);
    if (gatekeeper.token === null || token === null) {
      next();
      return;
    }
    const cookie = tokenCookie(request.headers.host ?? '');
    response.cookie(cookie, token, { httpOnly: true, sameSite: 'strict' });
    response.redirect('/');
  };
}

const reportFailure: ErrorRequestHandler = (error, _request, response, _next) => {
  const status = typeof error?.status === 'number' ? error.status : 500;
  const report: ErrorReport =
    status < 500
      ? { code: 'invalid-request', message: cutText(String(error.message), 200) }
      : { code: 'internal', message: 'the server failed to answer; its log says why' };
  if (status >= 500) console.error(error);
  response.status(status).json(report);
};
