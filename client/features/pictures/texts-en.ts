/** The texts of the page of pictures. */
export const picturesEn = {
  documentTitle: 'Forking Paths: how noise becomes a picture',
  tagline: 'How noise becomes a picture',

  drawTitle: 'A caption becomes a picture',
  drawLead:
    'The picture begins as noise. At each step one network looks at it, at the words, and at how far it is; it answers with what it takes the finished picture to be, and the picture moves a little that way, or is made anew of that answer and less noise (renoising). Objective, sampler, guidance and text encoder are those of the robot’s policies: a row of pixels stands where they have a step of the arm.',
  caption: 'Caption (English)',
  anyCat: 'any cat',
  draw: 'Draw',
  examples: 'Examples',
  tooLong: (excess: number) =>
    `Too long by ${excess} ${excess === 1 ? 'word' : 'words'}: leave some out.`,
  unknown: (words: readonly string[]) => `Never learnt, so it says nothing: ${words.join(', ')}`,
  saysNothing: (words: readonly string[]) =>
    `None of these words was ever learnt: ${words.join(', ')}. What comes is any cat.`,
  painter: 'Painter',
  painterNamed: (name: string, method: string, size: number) =>
    `${name}: ${method}, ${size} × ${size}`,
  guidance: 'Guidance',
  guidanceHint: '0 ignores the caption, 1 follows it, above 1 exaggerates what it changes.',
  calls: 'Steps',
  seed: 'Seed of the noise',
  painting: 'Drawing…',
  drawnIn: (caption: string, calls: number, ms: number) =>
    `“${caption || 'any cat'}” in ${calls} ${calls === 1 ? 'step' : 'steps'}, ${ms} ms`,
  noisedPicture: (caption: string) => `The picture of “${caption}” as it stands`,
  estimatedPicture: (caption: string) =>
    `What the network expects the picture of “${caption}” to be`,
  asItStands: 'as it stands',
  estimate: 'what it is expected to be',
  picture: 'picture',
  callsMade: (calls: number, all: number) => `step ${calls} of ${all}`,
  gazesTitle: 'Where each word is looked at',
  gazesHint:
    'Cross-attention at this step, the mean over heads and over the blocks of the middle and the way up. Dark to bright: from where this word is looked at least on the whole way to where most. The number is its part of all looking.',
  gazeLabel: (word: string, share: string, at: string) =>
    `Where “${word}” is looked at, ${at}: ${share} of all looking`,

  noPainter: 'No painter ships with this server yet, so nothing can be drawn from a caption here.',
  noServer: 'Drawing from a caption takes the program itself: this copy of the page has no server.',
  trainOne: 'Train one, and start the server with it:',
  trainCommands:
    'npm run -s fp -- pictures train --size 32 --out cats.ckpt\nnpm run -s fp -- serve --painter cats.ckpt',
  without: 'What needs none:',

  gridTitle: 'How much the caption counts',
  gridLead:
    'At each step the network is asked twice, with the caption and without, and the difference counts w times. Each column begins as the same noise.',
  drawGrid: 'Draw all',
  stop: 'Stop',
  ofCaption: (caption: string) => `“${caption || 'any cat'}”`,
  seedNumber: (seed: number) => `seed ${seed}`,
  scales: ['ignores it', 'follows it', 'insists', 'insists', 'exaggerates'] as readonly string[],
  gridCell: (w: number, seed: number) => `w = ${w}, seed ${seed}`,

  sidesTitle: 'The same noise, learnt differently',
  sidesLead:
    'Diffusion takes noise away, flow follows a velocity, and L2 answers at once with the mean of all cats that the caption leaves open: the blur is what an average looks like. Each by its usual sampler.',
  drawSides: 'Draw side by side',

  betweenTitle: 'From one caption to another',
  betweenLead:
    'Both captions are asked at every step and their answers mixed; the noise is the same throughout. What stands between them, a mixture or one of the two, is for the network to say.',
  otherCaption: 'Towards (English)',
  drawBetween: 'Draw the way',
  share: 'Part of the second caption',
  betweenLabel: (share: number) =>
    `The picture with ${Math.round(100 * share)} % of the second caption`,

  levelsTitle: 'Where the painter errs',
  levelsLead:
    'The loss by noise level, on cats it has not seen. Near the picture there is hardly any noise left to name; near the noise, nothing shows yet which cat it will be.',
  measure: 'Measure',
  levelsOf: (draws: number) => `mean squared error, ${draws} cats a bar, ± standard error`,

  noisingTitle: 'How a cat drowns in noise',
  noisingLead:
    'The forward process has nothing to learn: step by step the picture is mixed with noise, until at k = 1000 nothing of it is left. What is learnt is the way back: at each k the network sees the noised picture and is asked for what was mixed in. One network answers at every k.',
  noisedLabel: (caption: string, k: number) => `Picture of ${caption}, noised by ${k} steps`,
  playNoise: 'Play all k',
  holdNoise: 'Hold',
  marks: {
    0: 'the picture',
    100: 'asks for detail: whiskers, edges',
    500: 'asks for shape and outline',
    999: 'almost pure noise: here a picture is chosen',
  },
  otherCat: 'Other cat',
  shownCat: (caption: string) => `“${caption}”, squared-cosine schedule, K = 1000`,
};
