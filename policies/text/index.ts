export {
  createTextEncoder,
  type EncodedText,
  type PretrainedEncoder,
  type TextEncoder,
} from './encoder.ts';
export { createOnnxTextEncoder, type SubwordTokenizer } from './onnx-encoder.ts';
export { InstructionError, Tokenizer, vocabularyOf } from './tokenizer.ts';
export { WordPiece } from './word-piece.ts';
