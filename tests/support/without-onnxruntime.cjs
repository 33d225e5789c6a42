/** Preloaded into a process: the native part of ONNX Runtime fails to load, as on a system it was not built for. */
const { dlopen } = process;
process.dlopen = function (module, path, ...rest) {
  if (path.includes('onnxruntime')) {
    throw new Error('Error loading shared library ld-linux-x86-64.so.2: No such file or directory');
  }
  return dlopen.call(this, module, path, ...rest);
};
