import type { ClientSocket } from '../../shared/link/connection.ts';
import { AloneSocket } from './alone-socket.ts';

/** Stands in for `shared/link/open-socket.ts` where the page has no server: one in a worker answers. */
export function openSocket(): ClientSocket {
  return new AloneSocket(() => {
    return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  });
}
