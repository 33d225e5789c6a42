export {
  checkpointBound,
  decodeCheckpoint,
  decodePolicy,
  encodeCheckpoint,
  encodePolicy,
  type ReadCheckpoint,
  type TrainingCheckpoint,
} from './checkpoint.ts';
export { CheckpointError } from './safetensors.ts';
