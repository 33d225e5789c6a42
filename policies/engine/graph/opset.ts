/** Operator set of ONNX that the lowerings are written for. */
export const OPSET = 19;
