import { createServer, type Server as HttpServer } from 'node:http';
import type { JobBoard, StageService } from '../jobs/index.ts';
import { downloads } from './downloads.ts';
import { Gatekeeper, type GatekeeperOptions } from './gatekeeper.ts';
import { createHttp } from './http.ts';
import { createSockets, type SocketServices, type Sockets } from './sockets.ts';
import { VisitLimit } from './visit-limit.ts';

export interface NetOptions extends GatekeeperOptions {
  readonly port: number;
  /** Directory of the built page. */
  readonly page: string;
}

/** The server as the world sees it. */
export interface Net {
  readonly io: Sockets;
  /** Where to open the page, the token included where one is needed. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Listens for pages.
 *
 * @throws ProtocolError 'invalid-request' for a token that can be guessed; the system's error where
 *         the port is taken
 */
export async function listen(
  { host, port, page, allowedHosts = [] }: NetOptions,
  services: Omit<SocketServices, 'gatekeeper' | 'visits'> & {
    readonly board: JobBoard;
    readonly stages: StageService;
  },
): Promise<Net> {
  const gatekeeper = new Gatekeeper({ host, allowedHosts });
  const visits = new VisitLimit();
  const server = createServer(createHttp(gatekeeper, visits, page, downloads(services.board)));
  const io = createSockets(server, { ...services, gatekeeper, visits });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const token = gatekeeper.token === null ? '' : `?token=${gatekeeper.token}`;
  return {
    io,
    url: `http://${nameOf(server, host)}/${token}`,
    close: async () => {
      await io.close();
    },
  };
}

function nameOf(server: HttpServer, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
