import type { ModeLabel } from '../../../sim/tasks/index.ts';
import { takenEn } from '../../shared/texts/ways-en.ts';
import { counted } from '../../shared/texts/words.ts';

/** Texts of training and of its runs. */
export const trainEn = {
  train: {
    title: 'Train',
    scratch: 'Train from scratch',
    scratchHint: (episodes: number) =>
      `Generates ${episodes} demonstrations, then trains the policies on them, one after the other.`,
    start: 'Start training',
    preparing: 'Generating demonstrations first…',
    policy: 'Policy',
    all: 'L2, Diffusion and Flow',
    preset: 'Preset',
    presets: { quick: 'quick: minutes on two cores', standard: 'standard: hours on two cores' },
    dataset: 'Demonstrations',
    steps: 'Steps',
    stepsPreset: 'preset',
    begin: 'Start from',
    random: 'random weights',
    shipped: 'the policy that ships',
    from: (policy: string) => `from ${policy}`,
    seed: 'Seed',
    curve: 'Loss',
    curveLabel: 'Loss by training step, logarithmic',
    noCurve: 'Curves appear here while a run trains.',
    runs: 'Runs',
    noRuns: 'No runs yet.',
    step: (step: string, steps: string) => `step ${step} of ${steps}`,
    preparation: {
      pairs: (share: string) => `drawing pairs ${share}`,
      pictures: (share: string) => `rendering pictures ${share}`,
    },
    loss: 'loss',
    stop: 'Stop',
    resume: 'Resume',
    onStage: 'Show on stage',
    isOnStage: 'On stage',
    refresh: 'Newest checkpoint',
    curveOf: (id: string) => `Draw the loss of ${id}`,
    warnings: (n: number) => counted(n, 'warning'),
    differ:
      'Losses of different objectives are on different scales: compare successes, not losses.',
    status: {
      queued: 'waiting',
      running: 'training',
      done: 'done',
      stopped: 'stopped',
      interrupted: 'interrupted',
      failed: 'failed',
    },
    otherRuns: 'These belong to other tasks: to see one, show its task on the stage.',
    madeFirst: (name: string) => `generated first: ${name}`,
    readerHint: (episodes: number, steps: number) =>
      `A policy that reads followed instructions after ${steps.toLocaleString('en')} steps on ${episodes.toLocaleString('en')} demonstrations.`,
    concern: {
      oneMode: (missing: readonly ModeLabel[], left: number) =>
        `No demonstration goes ${missing.map(takenEn).join(' or ')}: ${
          left === 0
            ? 'there is no way past the posts to learn.'
            : left === 1
              ? 'every policy will learn the one way there is, and none will average.'
              : 'no policy will learn that.'
        }`,
      few: (n: number, enough: number) =>
        `${n} ${n === 1 ? 'demonstration' : 'demonstrations'}: expect a policy that repeats them and fails elsewhere. Begin with ${enough} or more.`,
      failures: (failed: number, n: number) =>
        `${failed} of ${n} did not succeed: policies imitate failures as well.`,
    },
    runTrashed: (title: string) => `${title} is in the trash.`,
    trashRun: 'Move this run to the trash',
    rename: 'Rename',
    renameLabel: 'Name of the run; empty for none',
    renameSave: 'Save',
    download: 'Download',
    downloadHint: 'The last checkpoint as safetensors',
    renew: 'New run from these weights',
    startAnew: 'Start over on these',
    grown: (dataset: string, before: number, now: number) =>
      `${dataset} has changed since this run began: ${before} episodes then, ${now} now. It cannot be resumed.`,
    gone: (dataset: string) =>
      `${dataset} is no longer here: this run can be resumed once it is restored.`,
  },
};
