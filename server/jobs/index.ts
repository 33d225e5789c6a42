export { reportError } from '../lab/error-report.ts';
export type { StageMessage } from '../lab/stage-host.ts';
export { type BoardListener, JobBoard } from './board.ts';
export { type StageListener, StageService } from './stage-service.ts';
export { takeStock } from './stock.ts';
