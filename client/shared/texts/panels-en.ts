import type { Side } from '../../features/record/starts.ts';
import { toldEn } from './told-en.ts';

const titles: Readonly<Record<string, string>> = toldEn.task.title;

/** Texts of the panels that follow the task on the stage, and of the recorder in each task. */
export const panelsEn = {
  panel: {
    taskTitle: (task: string) => titles[task] ?? task,
    toTask: (title: string) => `Show “${title}” on the stage`,
    otherTasks: (n: number) => `Of the other task (${n})`,
    otherDatasets:
      'Policies of the task on the stage cannot learn from these: the scene is another.',
    otherRuns: 'These act in the other task: to see one, put that on the stage.',
    demosTold:
      'What the policies learn from: a sentence says which ball to take, and sometimes which side to pass.',
    nameRule: (kept: string) =>
      `Expected 1 to 64 of a–z, 0–9, “-” and “_”, the first a letter or digit. “${kept}” stays.`,
    madeFirst: (name: string) => `made first: ${name}`,
    readerHint: (episodes: number, steps: number) =>
      `A policy that reads did what it was told after ${steps.toLocaleString('en')} steps on ${episodes.toLocaleString('en')} demonstrations.`,
    concern: {
      oneMode: (sides: readonly string[]) =>
        `Nobody goes round the ${sides.join(' or ')}: every policy will learn the one way there is, and none will average.`,
      few: (n: number, enough: number) =>
        `${n} ${n === 1 ? 'demonstration' : 'demonstrations'}: expect a policy that repeats them and fails elsewhere. ${enough} or more are a beginning.`,
      failures: (failed: number, n: number) =>
        `${failed} of ${n} did not succeed: policies imitate failures as well.`,
    },
    removeEpisode: 'Remove this episode',
    episodeRemoved: (name: string, episode: number) => `Episode ${episode} of ${name} is removed.`,
    runTrashed: (title: string) => `${title} is in the trash.`,
    trashRun: 'Move this run to the trash',
    rename: 'Rename',
    renameLabel: 'Name of the run; empty for none',
    renameSave: 'Save',
    download: 'Download',
    downloadHint: 'The last checkpoint as safetensors',
    renew: 'New run from these weights',
    startAnew: 'Start anew on these',
    grown: (dataset: string, before: number, now: number) =>
      `${dataset} has changed since this run began: ${before} episodes then, ${now} now. It cannot be resumed.`,
    gone: (dataset: string) =>
      `${dataset} is no longer here: this run can be resumed once it is restored.`,
  },
  recorder: {
    asked: 'What the robot is told',
    each: 'a new sentence for each start',
    behaviour: (object: string, side: string) => `${object}, round the ${side}`,
    rephrase: 'Another sentence',
    show: (object: string, side: Side, again: boolean) =>
      `${again ? 'Same start again: take' : 'Take'} the ${object} round the ${side === 'left' ? 'LEFT' : 'RIGHT'} of the post.`,
    whyTold:
      'From each start both balls are asked for, round both sides: only the words tell which.',
    obstacle: (name: string, task: string, hz: number) =>
      `${name} holds demonstrations of “${task}” at ${hz} Hz and takes none of these: choose another name.`,
    thrownAway: (what: string) => `Thrown away: ${what}.`,
    undoKey: 'take back what was thrown away',
    noWebAssembly:
      'This browser has no WebAssembly, which the physics of the recorder needs. Allow it (a strict security or lockdown mode switches it off), or record in another browser. Everything else on this page works.',
  },
};
