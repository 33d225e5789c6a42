function notWords(words: readonly string[]): string {
  const quoted = words.map((word) => `“${word}”`).join(', ');
  return words.length === 1 ? `${quoted} is not a word` : `${quoted} are not words`;
}

/** Texts of the choice of a task, and of the task in which one is told something. */
export const toldEn = {
  task: {
    label: 'Task',
    title: { 'left-right': 'Left or right', 'left-right-colour': 'Told which ball' },
    about: {
      'left-right': 'One ball behind a post: two ways to it, both right',
      'left-right-colour': 'Two balls behind a post, and a sentence that says which one',
    },
  },
  object: { ball: 'ball', red: 'red ball', green: 'green ball' },
  tell: {
    label: 'What the robot is told, in English',
    say: 'Say it',
    nothing: 'nothing',
    silence: 'nothing is said: either one will do',
    each: 'a new one each time',
    eachHint: 'Each episode brings a sentence that no policy has seen in training',
    unknown: (words: readonly string[]) => `${notWords(words)} these policies know.`,
    unknownIn: (words: readonly string[], views: string) =>
      `${notWords(words)} the policy in view ${views} knows.`,
  },
  guidance: {
    label: 'Guidance scale w',
    hint: 'Guidance: what is planned = without the sentence + w · (with it − without it)',
    ignores: 'ignores what is said',
    halfListens: 'half listens',
    follows: 'follows what is said',
    exaggerates: 'exaggerates what is said',
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
      `All it is shown of the scene: ${size} × ${size} pixels. It is never told where the balls are.`,
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
    compare: (sentence: string) => `In every rollout all are told: “${sentence}”`,
    compareNothing:
      'All are told nothing, and w changes nothing: say something above the views first.',
  },
  nobody: {
    title: 'Nobody here can read yet',
    why: 'No policy of this task ships with this version, and none has been trained here.',
    train: 'Train one',
    cost: (episodes: number, steps: number) =>
      `${episodes} demonstrations, then ${steps.toLocaleString('en')} training steps: about 50 minutes of one core.`,
    soon: 'It acts here as soon as it has its first checkpoint, and gets better from there.',
    commands: 'The same on the command line',
  },
  whyTold: {
    title: 'What a word changes',
    choiceTitle: 'Four right answers',
    choice:
      'Two balls, two sides. Told nothing, a policy draws any of the four. A sentence leaves fewer.',
    readTitle: 'How a plan reads',
    read: 'Words become tokens, as do the balls and the hand. At every level of the network the plan looks up those it needs: “red” leads to where the red ball is.',
    guidanceTitle: 'Listen more: guidance',
    guidance:
      'The network is asked twice, with the sentence and without it. The difference is what the words change; w says how much of it counts.',
    scales:
      '0 ignores the sentence, 1 follows it. Above 1 the policy obeys no better, and grasps ever worse: no demonstration went so far.',
    wordsTitle: 'Only words it has seen',
    words:
      'It knows 25 words. Any other is the same unknown word to it: try “apricot”, and see that it is named.',
  },
};
