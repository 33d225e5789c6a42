/** The page that needs no server: what a server does for the stage runs in a worker beside it. */
import { readFile } from 'node:fs/promises';
import { defineConfig, mergeConfig, type Plugin } from 'vite';
import page from './vite.config.ts';

const HERE = import.meta.dirname;
const ALONE = `${HERE}/features/alone/open-socket.ts`;

/** In the place of the connection to a server, the worker. */
function alone(): Plugin {
  return {
    name: 'alone',
    enforce: 'pre',
    resolveId: (source, importer) =>
      source.endsWith('/link/open-socket.ts') && importer !== ALONE ? ALONE : null,
  };
}

/**
 * The physics engine carries its WebAssembly as text inside its JavaScript, 4.3 MB of it; here it is a
 * file, which the build packs to 0.8 MB, fetched by whoever starts the engine.
 */
function physicsAside(): Plugin {
  const literal = /[\w$]+\.toByteArray\("(AGFzbQ[A-Za-z0-9+/=]+)"\)\.buffer/;
  return {
    name: 'physics-aside',
    transform(code, id) {
      if (!/rapier3d-compat\/dist\/rapier\.mjs$/.test(id)) return null;
      const found = literal.exec(code);
      if (!found) throw new Error(`${id}: expected its WebAssembly as text, got another version`);
      const source = Buffer.from(found[1], 'base64');
      const file = this.emitFile({ type: 'asset', name: 'physics.bin', source });
      const load =
        `fetch(import.meta.ROLLUP_FILE_URL_${file})` +
        '.then((response) => response.arrayBuffer())' +
        `.then((packed) => unpack(new Uint8Array(packed), 'brotli', ${source.length}))` +
        '.then((bytes) => bytes.buffer)';
      const door = `${HERE}/../server/in-page/pack.ts`;
      const text = `import { unpack } from ${JSON.stringify(door)};\n${code.replace(found[0], () => load)}`;
      return { code: text, map: null };
    },
  };
}

/** The runtime is handed its WebAssembly: the build must not put its own copies beside it. */
function runtimeAside(): Plugin {
  const own = /new URL\("ort-wasm[\w.-]*\.wasm",\s*import\.meta\.url\)\.href/g;
  return {
    name: 'runtime-aside',
    async load(id) {
      if (!/onnxruntime-web\/dist\/ort\.wasm\.bundle\.min\.mjs$/.test(id)) return null;
      const code = await readFile(id, 'utf8');
      if (!own.test(code)) throw new Error(`${id}: expected the address of its WebAssembly`);
      return code.replace(own, '""');
    },
  };
}

const plugins = () => [alone(), physicsAside(), runtimeAside()];

export default mergeConfig(
  page,
  defineConfig({
    plugins: plugins(),
    worker: { plugins: () => [...(page.worker?.plugins?.() ?? []), ...plugins()] },
    build: { outDir: '../dist/static' },
  }),
);
