/** Texts of the page where it has no server. */
export const aloneEn = {
  alone: {
    status: 'No server: physics and policies run in this page',
    title: {
      demos: 'Demonstrations',
      train: 'Training',
      compare: 'Comparison',
      record: 'Recording',
    },
    needed: {
      demos: 'Demonstrations are files: to generate, look through and edit them takes the program.',
      train: 'A policy learns for minutes to hours, on all cores: that takes the program.',
      compare: 'Hundreds of episodes with intervals and tests: that takes the program.',
      record: 'What you record becomes a file that policies learn from: that takes the program.',
    },
    here: 'This copy of the page has no server. The stage, denoising, noise and taking over work here.',
    taken: (name: string) => `${name} has let go: the arm is yours.`,
    correct:
      'Bring it to where it should be, or to the goal, and let the policy continue from there.',
    keeping: 'Keeping a correction and training on it takes the program.',
    embedding: 'Any page may, unless the host of this one forbids it',
    lesson:
      'Shown on demonstrations of the robot, which take the program; this copy of the page has no server.',
    cure: 'Get the program and run it on your machine:',
    commands: 'npm ci\nnpm start',
  },
};
