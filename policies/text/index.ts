export {
  checkEncoder,
  createTextEncoder,
  type EncodedText,
  type EncoderIdentity,
  type PretrainedEncoder,
  type TextEncoder,
  TextEncoderError,
} from './encoder.ts';
export { createOnnxTextEncoder, type SubwordTokenizer } from './onnx-encoder.ts';
export { InstructionError, Tokenizer, vocabularyOf } from './tokenizer.ts';
export { WordPiece } from './word-piece.ts';
