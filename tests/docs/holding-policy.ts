import type { Planner, Policy, PolicyDescription } from '../../policies/policy.ts';

/** Asks for the pose it sees, whatever happens. */
export class HoldingPolicy implements Policy {
  describe(): PolicyDescription {
    return {
      name: 'holding',
      task: 'left-right',
      controlHz: 20,
      objective: null,
      abilities: {
        noise: false,
        instructions: false,
        picture: null,
        guidance: false,
        inpainting: false,
      },
      obsHorizon: 1,
      predHorizon: 16,
      observationDim: 14,
      actionDim: 8,
      parameters: 0,
    };
  }

  async prepare(batch: number): Promise<Planner> {
    const policy = this.describe();
    const { predHorizon, observationDim, actionDim } = policy;
    return {
      policy,
      batch,
      nfe: 1,
      async draw(observation) {
        const began = performance.now();
        const chunk = new Float32Array(batch * predHorizon * actionDim);
        for (let i = 0; i < batch * predHorizon; i++) {
          const row = Math.floor(i / predHorizon) * observationDim;
          // The first numbers of an observation are joint positions and gripper opening.
          chunk.set(observation.subarray(row, row + actionDim), i * actionDim);
        }
        const times = { normalize: 0, network: performance.now() - began, denormalize: 0 };
        return { chunk, attention: [], states: [], times };
      },
      async read() {
        return { tokens: [], unknown: [] };
      },
      async dispose() {},
    };
  }
}
