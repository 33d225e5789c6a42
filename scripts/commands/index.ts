import type { Command } from 'commander';

export interface CommandEntry {
  readonly name: string;
  readonly description: string;
  /** Gives the command its options and what it does; loads what that needs. */
  readonly define: (command: Command) => Promise<void>;
}

/** All commands, in the order of the help. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'serve',
    description: 'start the server and its page',
    define: async (command) => (await import('./serve.ts')).defineServe(command),
  },
  {
    name: 'policy-server',
    description: 'serve one policy to openpi clients, such as robots and other simulators',
    define: async (command) => (await import('./policy-server.ts')).definePolicyServer(command),
  },
  {
    name: 'environment-server',
    description: "serve simulated worlds to other programs: Gymnasium, LeRobot's evaluation",
    define: async (command) =>
      (await import('./environment-server.ts')).defineEnvironmentServer(command),
  },
  {
    name: 'demos',
    description: 'generate, inspect and edit datasets of demonstrations',
    define: async (command) => (await import('./demos.ts')).defineDemos(command),
  },
  {
    name: 'train',
    description: 'train one policy on a dataset, or a grid of them: policies × presets × seeds',
    define: async (command) => (await import('./train.ts')).defineTrain(command),
  },
  {
    name: 'evaluate',
    description: 'evaluate one policy: success, contact, modes, latency',
    define: async (command) => (await import('./evaluate.ts')).defineEvaluate(command),
  },
  {
    name: 'export',
    description:
      'export a policy with its sampler as one ONNX file: raw observation in, actions out',
    define: async (command) => (await import('./export.ts')).defineExport(command),
  },
  {
    name: 'compare',
    description: 'compare policies on the same starts, noise seeds and action horizon',
    define: async (command) => (await import('./compare.ts')).defineCompare(command),
  },
  {
    name: 'experiment',
    description:
      'plan a grid of comparisons, run it in shards on any machines, merge and report it',
    define: async (command) => (await import('./experiment.ts')).defineExperiment(command),
  },
  {
    name: 'worker',
    description:
      'take shards of experiments, demonstrations and trainings from a queue, on any number of machines',
    define: async (command) => (await import('./worker.ts')).defineWorker(command),
  },
  {
    name: 'replay',
    description: 'repeat one rollout of an experiment and check its recorded hash',
    define: async (command) => (await import('./replay.ts')).defineReplay(command),
  },
  {
    name: 'instructions',
    description: 'measure whether a policy follows held-out instructions, by guidance scale',
    define: async (command) => (await import('./instructions.ts')).defineInstructions(command),
  },
  {
    name: 'latency',
    description:
      'time every stage of planning in a control loop on a fixed schedule (default policy: flow)',
    define: async (command) => (await import('./latency.ts')).defineLatency(command),
  },
  {
    name: 'lesson',
    description: 'the lesson in numbers: train on points in the plane, compare with closed forms',
    define: async (command) => (await import('./lesson.ts')).defineLesson(command),
  },
  {
    name: 'pictures',
    description: 'the image half of the lesson: train painters that draw cats from captions',
    define: async (command) => (await import('./pictures.ts')).definePictures(command),
  },
  {
    name: 'policies',
    description: 'list every policy with its objective, samplers and inputs',
    define: async (command) => (await import('./policies.ts')).definePolicies(command),
  },
  {
    name: 'reproduce',
    description: 'rebuild all that ships from scratch: demonstrations, training, comparison',
    define: async (command) => (await import('./reproduce.ts')).defineReproduce(command),
  },
  {
    name: 'bench',
    description: 'measure speed and memory',
    define: async (command) => (await import('./bench.ts')).defineBench(command),
  },
  {
    name: 'doctor',
    description: 'report what this machine has, what is used, and what is missing',
    define: async (command) => (await import('./doctor.ts')).defineDoctor(command),
  },
];
