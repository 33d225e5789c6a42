/**
 * Stands in for '#tensorflow' on the page, which loads only what trains: the same core and
 * gradients with the plain backend, without layers, converters and WebGL.
 */
import * as core from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import '@tensorflow/tfjs-backend-cpu';

export default core;
