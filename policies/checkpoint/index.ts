export {
  decodeCheckpoint,
  decodePolicy,
  encodeCheckpoint,
  encodePolicy,
  type TrainingCheckpoint,
} from './checkpoint.ts';
export { CheckpointError } from './safetensors.ts';
