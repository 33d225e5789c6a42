/**
 * Cats with attributes that a caption can ask for: drawn, described, and read off pictures. Pure
 * functions, the same bits in Node and in a browser; the only door of this room.
 */
export {
  type Attributes,
  COLOURS,
  COMBINATIONS,
  type Colour,
  drawAttributes,
  HATS,
  type Hat,
  HELD_OUT,
  isHeldOut,
  SEEN,
  sameAttributes,
} from './attributes.ts';
export {
  CAPTION_VOCABULARY,
  CAPTION_WORDS,
  CaptionError,
  type Constraint,
  drawCaption,
  obeys,
  type ParsedCaption,
  parseCaption,
} from './captions.ts';
export {
  type Background,
  type Cat,
  EYE_COLOURS,
  EYE_SHAPES,
  type EyeColour,
  type EyeShape,
  type Nuisances,
  PLACES,
  type Place,
  POSES,
  type Pose,
  type Rgb,
  sampleCat,
} from './cat.ts';
export { drawCat, PICTURE_SIZES, type PictureSize } from './draw.ts';
export { type CatExamples, type CatSample, sampleExamples } from './examples.ts';
export type { Part } from './layer.ts';
export { posed } from './posed.ts';
export { regionOf } from './reading/figure.ts';
export type { Evidence } from './reading/judge.ts';
export { type CatScore, PictureError, type Rejection, scoreCat } from './reading/score.ts';
export { CAT_SAYINGS, type CatSaying } from './sayings.ts';
