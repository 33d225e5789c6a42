import type { ModeLabel } from '../../../sim/tasks/index.ts';
import { shortWayEn, takenEn, wayEn } from '../../shared/texts/ways-en.ts';
import { counted } from '../../shared/texts/words.ts';
import type { CoachStep } from './coach.ts';
import type { PadPart } from './gamepad.ts';
import type { HoldReason } from './hold.ts';

/** Texts of the recorder. */
export const recordEn = {
  record: {
    title: 'Record a demonstration',
    intro:
      'Move the hand with the arrows on it, or with the keys. Recording begins with your first motion.',
    loading: 'Loading the physics…',
    dataset: 'Save to',
    suggest: (mode: ModeLabel, posts: number) => `Go ${wayEn(mode, posts)}.`,
    second: (mode: ModeLabel) => `Same start again: this time ${shortWayEn(mode)}.`,
    why: (ways: number) =>
      `Showing ${ways === 2 ? 'both ways' : 'every way'} from one start is what makes it ambiguous.`,
    phase: {
      loading: 'loading',
      broken: 'not available',
      ready: 'ready',
      counting: 'get ready',
      recording: 'recording',
      waiting: 'waiting for you',
      done: 'finished',
    },
    coach: {
      above: 'over the ball',
      lower: 'lower',
      close: 'close the gripper',
      lift: 'lift and hold',
      done: 'Grasped. Save it!',
      spoiled: 'This one will not count as a success: redo it.',
    } satisfies Record<Exclude<CoachStep, 'around'>, string>,
    coachAround: (posts: number) => `pass the ${posts === 1 ? 'post' : 'posts'}`,
    steps: 'steps',
    left: 'time left',
    contact: 'touched a post',
    over: 'went over a post',
    lost: 'ball lost',
    success: 'success',
    slowHint: (s: string) => `Policies have ${s} s: quicker demonstrations teach more.`,
    start: 'Start',
    finish: 'Finish',
    save: 'Save',
    redo: 'Redo',
    discard: 'Discard',
    saved: (dataset: string, n: number) => `Saved to ${dataset}: episode ${n}.`,
    savedMode: (mode: ModeLabel | null, success: boolean) =>
      `${success ? 'success' : 'no success'}${mode === null ? '' : `, ${takenEn(mode)}`}`,
    unsaved: (n: number) => `${counted(n, 'recording')} not saved yet`,
    saving: 'saving…',
    train: 'Train on these',
    trainHint: (n: number) => `${counted(n, 'demonstration')} in this dataset`,
    summary: (seconds: string, mode: ModeLabel | null, success: boolean) =>
      `${seconds} s${mode === null ? '' : `, ${takenEn(mode)}`}, ${success ? 'grasped' : 'not grasped'}`,
    keysTitle: 'Keys',
    keys: {
      move: 'move over the table',
      height: 'up, down',
      grip: 'open or close the gripper',
      padName: 'Gamepad',
      pad: 'see below what its parts do',
      slow: 'slowly',
      start: 'begin, finish, save',
      save: 'save',
      keepFailed: 'keep apart as failed',
      redo: 'same start again',
      discard: 'discard',
    },
    pad: {
      left: 'Left',
      right: 'Right',
      away: 'Away',
      near: 'Towards you',
      up: 'Up',
      down: 'Down',
      grip: 'Gripper',
    },
  },
  recorder: {
    asked: 'Instruction to the robot',
    each: 'a new sentence for each start',
    behaviour: (object: string, mode: ModeLabel) => `${object}, ${takenEn(mode)}`,
    options: 'Dataset, starts, countdown',
    rephrase: 'Another sentence',
    show: (object: string, mode: ModeLabel, posts: number, again: boolean) =>
      `${again ? 'Same start again: take' : 'Take'} the ${object} ${wayEn(mode, posts)}.`,
    whyTold: 'Every start is shown with both balls and both sides: only the words tell which.',
    obstacle: (name: string, task: string, hz: number) =>
      `${name} holds demonstrations of “${task}” at ${hz} Hz and takes none of these: choose another name.`,
    thrownAway: (what: string) => `Discarded: ${what}.`,
    undoKey: 'bring back what was discarded',
    countdown: 'Count down 3 s before recording',
    cancel: 'Not yet',
    keepFailed: 'Keep apart as failed',
    failedWithin: (n: number) =>
      `${counted(n, 'of them', 'of them')} without success: Demonstrations filters or leaves out failures.`,
    failedApart: (n: number, name: string) => `${counted(n, 'failed take')} apart in ${name}.`,
    kept: {
      here: 'It is kept in this browser until the server has it.',
      restored: 'From before this page was loaded; this browser has kept it.',
      not: 'Only this page has it: keep it open.',
      dropped: (dataset: string) => `Discarded: a recording for ${dataset}.`,
    },
    noWebAssembly:
      'This browser has no WebAssembly, which the physics of the recorder needs. Allow it (a strict security or lockdown mode switches it off), or record in another browser. Everything else on this page works.',
  },
  startMap: {
    label: (starts: number, whole: number) =>
      `Map of the starts from above: ${starts}, ${whole} of them shown every way`,
    caption: (starts: number, whole: number) =>
      starts === 0
        ? 'Starts are drawn from the dashed region. Each that you record from appears in it.'
        : `${counted(starts, 'start')}, ${whole} shown every way; from above, the robot below. The ring is this one: each new one is chosen where there are fewest.`,
  },
  gamepad: {
    title: 'A gamepad and what its parts do',
    show: 'Show the gamepad',
    hide: 'Hide the gamepad',
    connect: 'Connect one and press a button on it: browsers report none before that.',
    parts: {
      stick: 'move',
      arrows: 'move',
      down: 'down',
      up: 'up',
      slow: 'slowly',
      grip: 'gripper',
      redo: 'redo',
      undo: 'undo',
      enter: 'start, finish, save',
    } satisfies Record<PadPart, string>,
  },
  held: {
    away: 'You were elsewhere: the arm holds. Nothing is lost; move it to go on.',
    silence: 'The page was asleep: the arm holds. Nothing is lost; move it to go on.',
    'pad gone':
      'The gamepad is gone: the arm holds. Connect it again, or go on with keys or pointer.',
    restored: (seconds: string) =>
      `Brought back: ${seconds} s from before this page was loaded. Move the arm to go on, or discard it.`,
    restoredDone: (seconds: string) =>
      `Brought back: ${seconds} s from before this page was loaded. Save or discard it.`,
    unkept:
      'This browser’s storage is full or switched off: recording goes on, but closing the page would lose it.',
  } satisfies Record<HoldReason, string> & Record<string, unknown>,
  takeover: {
    take: 'Take over',
    takeTitle: 'Take over from the policy at this moment (H), or drag its hand',
    title: 'You are in control',
    options: 'About it',
    leads: 'you lead: its plan is over',
    from: (name: string, seconds: string) =>
      `${name} acted for ${seconds} s; it is yours from here.`,
    intro:
      'Bring the arm to where it should be, or to the goal. The whole episode is saved, and your frames are marked: only these are trained on.',
    goOn: 'Let the policy continue',
    save: 'Save the correction',
    kept: 'Handed in',
    back: 'Back to the stage',
    savedTo: (dataset: string, begin: string | null) =>
      begin === null
        ? `Corrections go to ${dataset}.`
        : `Corrections go to ${dataset}, which begins with the demonstrations of ${begin}.`,
    alone:
      'The demonstrations of this policy are not here: trained on corrections alone, it forgets the rest. Generate or import them first.',
    train: 'Train on it',
    trainHint:
      'Training continues from the policy’s own weights. Compare with another seed afterwards: these starts are no longer new to it.',
    training: 'The training has begun: it is listed under Train.',
    unreadable: 'The server’s answer could not be read: reload the page.',
    goOnKey: 'let the policy continue',
  },
};
