export { boundDatasets, boundHello, boundRun } from './bounded.ts';
export {
  type CompareRequest,
  compareRequestSchema,
  type PageCompareRequest,
  pageCompareSchema,
} from './compare.ts';
export type { DatasetEdit } from './dataset-edits.ts';
export type {
  DatasetOverview,
  DrawnPath,
  Duplicate,
  EpisodeView,
  Outlier,
} from './dataset-views.ts';
export {
  type DatasetSummary,
  type DemonstrationSet,
  type EpisodeSummary,
  type GenerateRequest,
  generateRequestSchema,
  type Imported,
  type OfferedSet,
  type Recording,
  type RecordingAccepted,
  recordingSchema,
} from './datasets.ts';
export { type ErrorCode, type ErrorReport, ProtocolError, StoppedError } from './errors.ts';
export {
  type Answer,
  type ComparisonEntry,
  type DamagedEntry,
  type Hello,
  type Job,
  type Omitted,
  type Preparation,
  REQUESTS,
  type RequestData,
  type RequestEvents,
  type RequestInput,
  type RequestName,
  type RequestWithCommands,
  type Responses,
  type ServerEvents,
} from './events.ts';
export type {
  ContenderTitle,
  ContenderView,
  DamagedExperiment,
  ExperimentEntry,
  ExperimentList,
  ExperimentRollouts,
  ExperimentView,
  ListedRollout,
} from './experiments.ts';
export {
  explainFrame,
  type Fan,
  FRAME_FORMAT,
  type FrameProblem,
  INVALID,
  laneOfFan,
  type ModeIndex,
  modeIndex,
  NO_MODE,
  type PlanAttention,
  packFan,
  packFrame,
  type StageFrame,
  toFloats,
  unpackFan,
  unpackFrame,
} from './frames.ts';
export type { Inquiry, InquiryKind } from './inquiry.ts';
export type { Denoising, NoisePlane, Station, Turned } from './inquiry-frames.ts';
export { cutText, explainIssues } from './issues.ts';
export { jsonSize } from './json-size.ts';
export { formatLaneEntry, splitLaneEntry } from './lane-entry.ts';
export type {
  ActionsRequest,
  DemonstratedActions,
  NoiseBin,
  NoiseLevels,
  NoiseLevelsRequest,
} from './lesson.ts';
export { LIMITS } from './limits.ts';
export type {
  DrawnPictures,
  DrawRequest,
  PainterInfo,
  PainterSampler,
  Painters,
  PictureLevels,
  PictureLevelsRequest,
  PictureWay,
} from './pictures.ts';
export type { MethodName, ObjectiveSpec, SamplerKind, ShippedPolicy } from './policies.ts';
export type {
  Comparison,
  LatencyReport,
  Percentiles,
  PolicyResult,
  Proportion,
  RobustnessResult,
} from './results.ts';
export {
  type Metric,
  metricSchema,
  type Run,
  runSchema,
  type TrainRequest,
  trainRequestSchema,
} from './runs.ts';
export { nameOfSource, type PolicySource, sourceNamed } from './sources.ts';
export {
  type Lane,
  type LaneCounts,
  type LaneInfo,
  laneSchema,
  type StageCommand,
  type StageEpisode,
  type StageProblem,
  type StageRequest,
  type StageSettings,
  type StageTrouble,
  stageCommandSchema,
  stageSettingsSchema,
} from './stage.ts';
