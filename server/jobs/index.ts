export { reportError } from '../error-report.ts';
export type { StageMessage } from '../stage/stage-host.ts';
export { Audiences } from './audiences.ts';
export { type BoardListener, JobBoard } from './board.ts';
export { Guests } from './guests.ts';
export { RunWatch } from './run-watch.ts';
export { type StageListener, StageService } from './stage-service.ts';
export { takeStock } from './stock.ts';
