import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    // The physics engine carries its WebAssembly inside its JavaScript.
    chunkSizeWarningLimit: 6000,
  },
});
