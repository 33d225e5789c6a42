import { createRequire } from 'node:module';
import type { Binary as Bytes, DataType, Utf8 as Text } from 'apache-arrow';
import type { KeyValue } from 'hyparquet';
import type { Feature } from '../features.ts';

/** 150 modules, which only a process that writes episodes loads: 0.16 s of one core. */
function arrow(): typeof import('apache-arrow') {
  return createRequire(import.meta.url)('apache-arrow');
}

function arrowType(dtype: Feature['dtype']): DataType {
  const { Binary, Bool, Field, Float32, Int64, Struct, Utf8 } = arrow();
  switch (dtype) {
    case 'float32':
      return new Float32();
    case 'int64':
      return new Int64();
    case 'bool':
      return new Bool();
    case 'string':
      return new Utf8();
    case 'image':
      return new Struct<{ bytes: Bytes; path: Text }>([
        new Field('bytes', new Binary(), true),
        new Field('path', new Utf8(), true),
      ]);
  }
}

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
  const { Field, FixedSizeList, RecordBatchStreamWriter, Schema } = arrow();
  const fields = features.map(({ name, dtype, width }) => {
    const type = arrowType(dtype);
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
