import {
  Binary,
  Bool,
  type DataType,
  Field,
  FixedSizeList,
  Float32,
  Int64,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Utf8,
} from 'apache-arrow';
import type { KeyValue } from 'hyparquet';
import type { Feature } from '../features.ts';

const ARROW_TYPES: Record<Feature['dtype'], () => DataType> = {
  float32: () => new Float32(),
  int64: () => new Int64(),
  bool: () => new Bool(),
  image: () =>
    new Struct<{ bytes: Binary; path: Utf8 }>([
      new Field('bytes', new Binary(), true),
      new Field('path', new Utf8(), true),
    ]),
};

/**
 * The key-value pairs from which pyarrow and Hugging Face's `datasets` learn the fixed length of
 * list columns, for which Parquet itself has no word.
 */
export function featureMetadata(features: readonly Feature[]): KeyValue[] {
  const described = Object.fromEntries(
    features.map(({ name, dtype, width }) => {
      if (dtype === 'image') return [name, { _type: 'Image' }];
      const value = { dtype, _type: 'Value' };
      return [name, width === 1 ? value : { feature: value, length: width, _type: 'List' }];
    }),
  );
  const huggingface = JSON.stringify({ info: { features: described } });
  return [
    { key: 'ARROW:schema', value: arrowSchema(features, huggingface) },
    { key: 'huggingface', value: huggingface },
  ];
}

/** The Arrow schema as the first message of an IPC stream, base64. */
function arrowSchema(features: readonly Feature[], huggingface: string): string {
  const fields = features.map(({ name, dtype, width }) => {
    const type = ARROW_TYPES[dtype]();
    const list = () => new FixedSizeList(width, new Field('element', type, true));
    return new Field(name, width === 1 || dtype === 'image' ? type : list(), true);
  });
  const writer = new RecordBatchStreamWriter();
  writer.reset(undefined, new Schema(fields, new Map([['huggingface', huggingface]])));
  writer.finish();
  const stream = writer.toUint8Array(true);
  // A message: 4 bytes of continuation mark, 4 of length, then as many bytes.
  const length = new DataView(stream.buffer, stream.byteOffset).getInt32(4, true);
  return Buffer.from(stream.subarray(0, 8 + length)).toString('base64');
}
