/**
 * What traces functions, loaded when one is to be traced: with TensorFlow.js that takes 0.2 s of a process's
 * start, and one that opens kept programs traces none.
 */
import type { analyze as Analyze } from './analysis.ts';
import type { build as Build } from './build.ts';
import type { exportGraph as ExportGraph } from './export.ts';

export const analyze: typeof Analyze = async (...args) =>
  (await import('./analysis.ts')).analyze(...args);

export const build: typeof Build = async (...args) => (await import('./build.ts')).build(...args);

export const exportGraph: typeof ExportGraph = async (...args) =>
  (await import('./export.ts')).exportGraph(...args);
