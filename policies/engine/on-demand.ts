/**
 * What traces functions, loaded when one is to be traced: with TensorFlow.js that takes 0.2 s of a process's
 * start, and one that opens kept programs traces none.
 */
import type { analyze as Analyze } from './analysis.ts';
import type { build as Build } from './build.ts';
import type { exportModel as ExportModel } from './export.ts';

export const analyze: typeof Analyze = async (...args) =>
  (await import('./analysis.ts')).analyze(...args);

export const build: typeof Build = async (...args) => (await import('./build.ts')).build(...args);

export const exportModel: typeof ExportModel = async (...args) =>
  (await import('./export.ts')).exportModel(...args);
