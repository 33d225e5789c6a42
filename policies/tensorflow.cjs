/**
 * TensorFlow.js as Node loads it: '#tensorflow' in package.json. Where a module imports it by its own
 * name, Node first reads all of its CommonJS for the names it exports: 0.37 s of each process's start.
 * On the page `client/lesson/tensorflow.ts` stands in for it.
 */
const tf = require('@tensorflow/tfjs');

// Not `module.exports = require(…)`: that would be followed for names again.
module.exports = tf;
