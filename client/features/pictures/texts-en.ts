/** The texts of the page of pictures. */
export const picturesEn = {
  documentTitle: 'Forking Paths: how noise becomes a picture',
  tagline: 'How noise becomes a picture',

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
