/**
 * To be preloaded: the background work of a server runs as everything else does. At low priority it
 * would wait for the files that are tested beside it.
 */
const os = require('node:os');

os.setPriority = () => {};
require('node:module').syncBuiltinESMExports();
