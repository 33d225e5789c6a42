import { defineConfig } from 'vite';

/**
 * Packages that stay as they are: with binaries or data of their own, or large and loaded by few. All
 * others are read a file at a time, which takes longer than to run them.
 */
const WHOLE = [
  '@aws-sdk/client-s3',
  '@dimforge/rapier3d-compat',
  '@tensorflow/tfjs',
  'apache-arrow',
  'brotli',
  'onnx-proto',
  'onnxruntime-node',
  'pg-boss',
];

/**
 * The programs that people and servers start, each in few files, as 300 to 500 modules take longer to
 * find and read than most of what they do. All else of `dist` is as tsc leaves it.
 */
export default defineConfig({
  publicDir: false,
  ssr: { noExternal: true, external: WHOLE },
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'dist/bin',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: { cli: 'scripts/cli.ts', worker: 'server/jobs/worker.ts' },
      external: ['#tensorflow'],
      // Names that stay: a server that runs finds its files where they were after another build.
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js' },
    },
  },
});
