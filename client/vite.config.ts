import { defineConfig, type Plugin } from 'vite';

const PHYSICS = '@dimforge/rapier3d-compat';
const ON_DEMAND = `${import.meta.dirname}/record/physics-on-demand.ts`;

/** Everyone who imports the physics engine gets it on demand; only that stand-in gets itself. */
function physicsOnDemand(): Plugin {
  return {
    name: 'physics-on-demand',
    enforce: 'pre',
    resolveId(source, importer) {
      return source === PHYSICS && importer !== ON_DEMAND ? ON_DEMAND : null;
    },
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  plugins: [physicsOnDemand()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    // The physics engine carries its WebAssembly inside its JavaScript.
    chunkSizeWarningLimit: 6000,
  },
});
