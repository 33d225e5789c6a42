import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
const INT64 = 7;
const FLOAT = 1;

/**
 * The smallest text encoder there is, as an ONNX file of any length of text: a row of a table for
 * each token number.
 *
 * @param table [rows, features]
 */
export function embeddingModel(
  table: Float32Array,
  features: number,
  inputs: readonly string[] = ['input_ids', 'attention_mask'],
): Uint8Array {
  const describe = (name: string, elemType: number, dims: (string | number)[]) => ({
    name,
    type: {
      tensorType: {
        elemType,
        shape: {
          dim: dims.map((dim) => (typeof dim === 'number' ? { dimValue: dim } : { dimParam: dim })),
        },
      },
    },
  });
  const model = onnx.ModelProto.create({
    irVersion: 9,
    opsetImport: [{ domain: '', version: 19 }],
    graph: {
      name: 'embedding',
      node: [{ opType: 'Gather', input: ['table', inputs[0]], output: ['last_hidden_state'] }],
      initializer: [
        {
          name: 'table',
          dims: [table.length / features, features],
          dataType: FLOAT,
          rawData: new Uint8Array(table.buffer, table.byteOffset, table.byteLength),
        },
      ],
      input: inputs.map((name) => describe(name, INT64, [1, 'length'])),
      output: [describe('last_hidden_state', FLOAT, [1, 'length', features])],
    },
  });
  return onnx.ModelProto.encode(model).finish();
}
