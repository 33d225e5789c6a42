export { type BoardListener, JobBoard } from './board.ts';
export { reportError } from './error-report.ts';
export { type StageListener, StageService } from './stage-service.ts';
export type { StageMessage } from './work.ts';
