import type RAPIER from '@dimforge/rapier3d-compat';

/**
 * Stands in for the physics engine until someone records: the module carries its WebAssembly
 * inside its JavaScript, two megabytes that watching needs nothing of. The build puts this file in
 * the place of '@dimforge/rapier3d-compat'; `init` loads the real one and takes on all it has.
 */
const engine: { init(): Promise<void> } = {
  async init() {
    const { default: real } = await import('@dimforge/rapier3d-compat');
    await real.init();
    Object.assign(engine, real, { init: async () => undefined });
  },
};

export default engine as typeof RAPIER;
