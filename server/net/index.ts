import type { Server as HttpServer } from 'node:http';
import type { JobBoard } from '../jobs/index.ts';
import { LIMITS } from '../protocol/limits.ts';
import { Admission } from './admission.ts';
import { ClientAddresses } from './client-address.ts';
import { createBoundedServer } from './connections.ts';
import { downloads } from './downloads.ts';
import { Gatekeeper, type GatekeeperOptions } from './gatekeeper.ts';
import { createHttp } from './http.ts';
import { reachableNames } from './own-addresses.ts';
import { reports } from './reports.ts';
import { createSockets, SOCKET_PATH, type SocketServices, type Sockets } from './sockets.ts';
import { uploads } from './uploads.ts';

export interface NetOptions extends GatekeeperOptions {
  readonly port: number;
  /** Directory of the built page. */
  readonly page: string;
  /**
   * Proxies before this server whose `X-Forwarded-For` is trusted: how many, or their
   * addresses and subnets, separated by commas. @default null, none
   */
  readonly trustProxy?: string | null;
  /** Pages that may be open at once. @default LIMITS.connections */
  readonly pages?: number | undefined;
}

/** The server as the world sees it. */
export interface Net {
  readonly io: Sockets;
  /** Where to open the page, the token included where one is needed. */
  readonly url: string;
  /** Where others can open it as well. */
  readonly furtherUrls: readonly string[];
  close(): Promise<void>;
}

/**
 * Listens for pages.
 *
 * @throws ProtocolError 'invalid-request' for a token that can be guessed, or proxies or embedders that are none;
 *         the system's error where the port is taken
 */
export async function listen(
  {
    host,
    port,
    page,
    allowedHosts = [],
    embedders = [],
    trustProxy = null,
    pages = LIMITS.connections,
  }: NetOptions,
  services: Omit<SocketServices, 'admission' | 'pages'> & {
    readonly board: JobBoard;
  },
): Promise<Net> {
  const gatekeeper = new Gatekeeper({ host, allowedHosts, embedders });
  const addresses = new ClientAddresses(trustProxy);
  const admission = new Admission(gatekeeper, addresses);
  const http = createHttp({
    gatekeeper,
    admission,
    addresses,
    page,
    downloads: downloads(services.board),
    reports: reports(services.board),
    uploads: uploads(services.board),
  });
  const server = createBoundedServer(http, { addresses, upgradePath: SOCKET_PATH, pages });
  const io = createSockets(server, { ...services, admission, pages });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const token = gatekeeper.token === null ? '' : `?token=${gatekeeper.token}`;
  const [url, ...furtherUrls] = reachableNames(host).map(
    (name) => `http://${name}:${portOf(server)}/${token}`,
  );
  return {
    io,
    url,
    furtherUrls,
    close: async () => {
      await io.close();
    },
  };
}

function portOf(server: HttpServer): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
