/**
 * TensorFlow.js as Node loads it: '#tensorflow' in package.json. Where a module imports it by its own
 * name, Node first reads all of its CommonJS for the names it exports: 0.37 s of each process's start.
 * Here it is read when something of it is first asked for, 0.14 s: a server, most commands and the work
 * on datasets never do.
 * On the page `client/features/lesson/tensorflow.ts` stands in for it.
 */
let loaded;

function tensorflow() {
  loaded ??= require('@tensorflow/tfjs');
  return loaded;
}

module.exports = new Proxy(
  {},
  { get: (_, name) => tensorflow()[name], has: (_, name) => name in tensorflow() },
);
