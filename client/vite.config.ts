import { defineConfig, type Plugin } from 'vite';
import { colorSheet } from './shared/colors.ts';

const HERE = import.meta.dirname;

/** Modules of packages that are too large for the page, and what stands in for them. */
const STAND_INS: Readonly<Record<string, string>> = {
  // On demand: only the stand-in gets the physics engine itself.
  '@dimforge/rapier3d-compat': `${HERE}/features/record/physics-on-demand.ts`,
  '#tensorflow': `${HERE}/features/lesson/tensorflow.ts`,
};

function standIns(): Plugin {
  return {
    name: 'stand-ins',
    enforce: 'pre',
    resolveId(source, importer) {
      const standIn = STAND_INS[source];
      return standIn !== undefined && importer !== standIn ? standIn : null;
    },
  };
}

/** `#colors.css`: the colours of `shared/colors.ts` as custom properties. */
function colors(): Plugin {
  const file = `${HERE}/shared/colors.css`;
  return {
    name: 'colors',
    enforce: 'pre',
    resolveId: (source) => (source === '#colors.css' ? file : null),
    load: (id) => (id === file ? colorSheet() : null),
  };
}

export default defineConfig({
  root: HERE,
  base: './',
  plugins: [standIns(), colors()],
  worker: { format: 'es', plugins: () => [standIns()] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    rolldownOptions: {
      checks: { pluginTimings: false },
      output: {
        codeSplitting: {
          // What several pages and rooms use of these is one file: as many small ones compress worse.
          groups: [
            {
              name: 'widgets',
              test: /shared\/widgets\/(bars|error-note|fields|format|mode-counts|play-button|range-field|use-width|whole-number)\./,
              minShareCount: 2,
              includeDependenciesRecursively: false,
            },
          ],
        },
      },
      input: {
        page: `${HERE}/index.html`,
        lesson: `${HERE}/lesson/index.html`,
        pictures: `${HERE}/pictures/index.html`,
        glossary: `${HERE}/glossary/index.html`,
        experiments: `${HERE}/experiments/index.html`,
      },
    },
    // The physics engine carries its WebAssembly inside its JavaScript.
    chunkSizeWarningLimit: 6000,
  },
});
