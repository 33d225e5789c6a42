export type { Analysis } from './analysis.ts';
export { createCompiledEngine } from './compiled.ts';
export { createEngine } from './create.ts';
export { createEagerEngine } from './eager.ts';
export type { ExportedModel, ModelInput } from './export.ts';
export { analyze, exportModel } from './on-demand.ts';
export { PROGRAM_NAME } from './program-cache.ts';
export {
  type CompileOptions,
  type Engine,
  EngineError,
  type Program,
  type ProgramStore,
  sizeOf,
  type TensorData,
  type TensorFunction,
  type TensorMap,
  type TensorSpec,
} from './types.ts';
