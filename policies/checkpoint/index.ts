export {
  checkpointBound,
  decodeCheckpoint,
  decodePolicy,
  encodeCheckpoint,
  encodePolicy,
  type ReadCheckpoint,
  type TrainingCheckpoint,
} from './checkpoint.ts';
export { CheckpointError, sealedDigest } from './safetensors.ts';
