import { counted } from '../../shared/texts/words.ts';

function notWords(words: readonly string[]): string {
  const quoted = words.map((word) => `“${word}”`).join(', ');
  return words.length === 1 ? `${quoted} is not a word` : `${quoted} are not words`;
}

/** Texts of the live stage: its views, what the robot is told, playback. */
export const watchEn = {
  stage: {
    outside: (object: string | null, centimetres: number) =>
      `${object ? `${object} ball` : 'Ball'} ${centimetres} cm outside its training starts`,
    outsideWhy:
      'The outline on the table holds every start of the demonstrations this policy learnt from. Outside of it a policy has seen nothing, and often fails.',
    label: 'Live stage: the same scene and seed, a policy in each view',
    averages: 'averages the modes',
    samples: 'samples a mode',
    oneAnswer: (mode: string) => `one answer: ${mode}`,
    focus: (policy: string) => `Show ${policy} alone`,
    unfocus: 'Show all views',
    planning: 'planning…',
    touched: 'touched a post',
    grasped: 'grasped',
    preparing: 'preparing the policies…',
    evals: (n: number | null) => (n === null ? '–' : counted(n, 'call')),
    perPlan: (ms: string) => `${ms} ms`,
    futures: (n: number) => counted(n, 'sampled future'),
    split: { invalid: 'into a post', none: 'undecided' },
    oneFuture: 'its only answer:',
    count: {
      success: 'success',
      contact: 'touched post',
      way: 'way',
      title: (policy: string) => `Outcomes of ${policy} so far`,
    },
    run: (id: string) => `run ${id}`,
    dismiss: 'Dismiss',
    camera: 'Camera',
    cameras: { front: 'Front', top: 'Top', behind: 'Behind' },
    dragBall: 'Drag the ball',
    dragBallHint: 'and see every policy plan again',
    dragHere: 'drag me',
    recordDemo: 'Record a demo',
    recordDemoHint: 'show the robot yourself',
    ballByHand: 'ball placed by hand',
    ballReset: 'Let the seed place it',
    noWebgl: 'This browser cannot draw the scene: it has no WebGL 2. The panels still work.',
    laneMissing: (policy: string) => `${policy} is not on the stage`,
    trainIt: (policy: string) => `Train ${policy}`,
    stopped: 'The stage has stopped',
    refused: 'These settings are not valid for a stage',
    announce: (policy: string, outcome: string) => `${policy}: ${outcome}`,
  },
  caption: {
    fork: (ways: string) => `One start, other noise: ${ways}`,
    mean: (policy: string) => `${policy} took the average of the ways: into the post`,
  },
  pager: { label: 'View shown', all: 'All' },
  ghosts: {
    first: 'first plan:',
    toggle: 'The first plans of an episode stay in the scene',
  },
  share: {
    title: 'Share this moment',
    link: 'Link to this moment',
    linkHint:
      'Opened anywhere, it plays the same episode until here and stands still: the same to the bit',
    embed: 'Embed the stage in a page',
    embedHint: 'The server must allow that page: serve --allow-embedding ORIGIN',
    copy: 'Copy',
    copied: 'Copied',
    copyYourself: 'The browser lets nobody copy here. It is selected: press Ctrl+C',
    view: 'Picture of a view',
    pictureHint: (seconds: number) =>
      `A picture of the moment, or a clip of what plays from now on, up to ${seconds} s`,
    noWebm:
      'A picture of the moment. This browser cannot record clips: it has no recorder for WebM',
    recording: (seconds: number) => `Recording… it ends by itself after ${seconds} s`,
    stop: 'Stop and save',
    saved: (file: string) => `Saved ${file}`,
    unloaded: 'The server did not send that part of the page; try again',
    moment: (seed: number, episode: number, time: string) =>
      `seed ${seed} · episode ${episode} · ${time} s`,
  },
  chooser: {
    view: (n: number) => `View ${n}`,
    title: (view: string) => `Policy in view ${view}`,
    open: 'Choose policy and sampler',
    policy: 'Policy',
    shipped: 'Shipped with this version',
    runs: 'Your runs',
    otherRate: (hz: number) => `${hz} Hz: in all views`,
    sampler: 'Sampler',
    usual: (sampler: string) => `${sampler} (default)`,
    calls: 'Network calls a plan',
    about: {
      direct: 'One observation, one answer: nothing is sampled, one network call.',
      ddim: 'Denoises in as many steps as you like. At η = 0 only the first noise is drawn, at 1 as much at each step as DDPM draws.',
      ddpm: 'Takes every diffusion step of the training, with fresh noise at each.',
      'dpm-solver++': 'A solver of second order: fewer calls for the same plan.',
      euler: 'Straight steps along the learnt velocity.',
      heun: 'Corrects each step by looking at its end: two calls a step, one in the last.',
      'one-step': 'From noise to the whole plan in a single call.',
    },
    reset: (policy: string) => `Back to ${policy}`,
  },
  transport: {
    label: 'Playback',
    play: 'Play',
    pause: 'Pause',
    again: 'Show this again from the start, or the previous episode',
    next: 'Next episode',
    speed: 'Speed',
    live: 'LIVE',
    goLive: 'Back to live',
    time: 'Time in the episode',
    marks: {
      plan: (time: string) => `plan, ${time} ms`,
      late: (time: string) => `late plan, ${time} ms: longer than a control step`,
      contact: 'touched a post',
      success: 'success',
      closes: 'the gripper closes',
      opens: 'the gripper opens',
      turns: (from: string, to: string) => `its plan turns: ${from} → ${to}`,
    },
    seed: 'seed',
    episode: 'episode',
  },
  playback: {
    nowLive: 'Live',
    at: (time: string, reached: string) => `${time} s of ${reached} s`,
    sliderEnds: 'on the time bar: start, newest moment',
  },
  tell: {
    label: 'Instruction of the robot, in English',
    say: 'Send',
    nothing: 'nothing',
    silence: 'no instruction: either ball will do',
    each: 'a new one each episode',
    eachHint: 'Each episode brings a sentence that no policy has seen in training',
    unknown: (words: readonly string[]) => `${notWords(words)} these policies know.`,
    unknownIn: (words: readonly string[], views: string) =>
      `${notWords(words)} the policy in view ${views} knows.`,
  },
  guidance: {
    label: 'Guidance scale w',
    hint: 'Guidance: what is planned = without the sentence + w · (with it − without it)',
    ignores: 'ignores the instruction',
    halfListens: 'half follows it',
    follows: 'follows the instruction',
    exaggerates: 'exaggerates the instruction',
  },
  attention: {
    toggle: 'Show which words and things each plan looks at',
    short: 'where they look',
    about:
      'How much a plan looks at each word and thing, from its first network call (left) to its last (right).',
    scale: (largest: string) => `highest bar ${largest}`,
    waiting: 'comes with the next plan',
    shares: (what: string, first: string, last: string) =>
      `${what}: ${first} of the first call’s attention, ${last} of the last’s`,
    unknown: (word: string) => `${word} (a word it does not know)`,
    start: 'start',
    thing: { state: 'arm', tcp: 'hand', image: 'picture' },
  },
  sees: {
    name: (policy: string) => `${policy} · camera`,
    picture: (size: number) =>
      `All it gets of the scene: ${size} × ${size} pixels. It gets no coordinates of the balls.`,
    short: 'what it sees',
  },
  told: {
    lifted: (object: string, side: string) => `${object}, ${side}`,
    judged: (what: string, verdict: string) => `${what}: ${verdict}`,
    obeyed: { yes: 'as told', 'wrong object': 'not this one', 'wrong side': 'wrong side' },
    count: 'as told',
    ballsByHand: 'balls placed by hand',
    ballsReset: 'Let the seed place them',
    dragBalls: 'Drag the balls',
  },
  nobody: {
    title: 'No policy here can read yet',
    why: 'No policy of this task ships with this version, and none has been trained here.',
    train: 'Train one',
    cost: (episodes: number, steps: number) =>
      `${episodes} demonstrations, then ${steps.toLocaleString('en')} training steps: about 50 minutes of one core.`,
    soon: 'It acts here from its first checkpoint on, and gets better as it trains.',
    commands: 'The same on the command line',
  },
  picture: {
    lost: 'The browser has taken the picture’s graphics memory away.',
    waits:
      'The views are drawn again as soon as the browser returns it. Nothing else is lost: the stage and your recording continue.',
    reload: 'If they stay dark, reload the page.',
  },
};
