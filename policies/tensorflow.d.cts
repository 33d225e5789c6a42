import tf = require('@tensorflow/tfjs');
export = tf;
