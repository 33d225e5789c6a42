import type { Saying } from '../task.ts';
import { LEFT, RIGHT } from '../ways.ts';

/** What an instruction may ask for beside the ball: one of the sides, or neither. */
type Asked = Saying['goal'];

const RED: Asked = { object: 'red', mode: null };
const GREEN: Asked = { object: 'green', mode: null };
const left = ({ object }: Asked = { object: null, mode: null }): Asked => {
  return { object, mode: LEFT.name };
};
const right = ({ object }: Asked = { object: null, mode: null }): Asked => {
  return { object, mode: RIGHT.name };
};

/**
 * Sentences as people say them who do not know the grammar, with words that no sentence of it has. They
 * were written down before any policy was tried on them and are for evaluation alone. A third names
 * the ball, a third the side, a third both, each side and each ball equally often.
 */
const SAYINGS: readonly (readonly [text: string, goal: Asked])[] = [
  ['the crimson sphere', RED],
  ['fetch the scarlet ball', RED],
  ['lift the ruby one', RED],
  ['could you get the cherry-coloured ball for me', RED],
  ['I would like the tomato', RED],
  ['please hold up the maroon ball', RED],
  ['get me the vermilion apple', RED],
  ['that blood-red thing, if you please', RED],
  ['the emerald sphere', GREEN],
  ['fetch the lime ball', GREEN],
  ['lift the olive one', GREEN],
  ['could you get the jade-coloured ball for me', GREEN],
  ['I would like the cucumber', GREEN],
  ['please hold up the mint ball', GREEN],
  ['get me the chartreuse apple', GREEN],
  ['that grass-green thing, if you please', GREEN],
  ['seize whichever you like, but go around leftwards', left()],
  ['any sphere will do; keep to the left-hand side', left()],
  ['reach behind the pillar via the left', left()],
  ['choose a fruit yourself, but approach leftward', left()],
  ["swing around the column's left flank", left()],
  ['fetch something, passing on your left', left()],
  ['travel along the left edge and lift whatever is there', left()],
  ['veer left, then collect any fruit', left()],
  ['seize whichever you like, but go around rightwards', right()],
  ['any sphere will do; keep to the right-hand side', right()],
  ['reach behind the pillar via the right', right()],
  ['choose a fruit yourself, but approach rightward', right()],
  ["swing around the column's right flank", right()],
  ['fetch something, passing on your right', right()],
  ['travel along the right edge and lift whatever is there', right()],
  ['veer right, then collect any fruit', right()],
  ['grab the lime one, pass it on your left-hand side', left(GREEN)],
  ['go leftwards and lift the emerald sphere', left(GREEN)],
  ['get the avocado, passing the pole on its left', left(GREEN)],
  ['approach via the left, then seize the olive ball', left(GREEN)],
  ['keep to the right-hand side and collect the jade fruit', right(GREEN)],
  ['fetch the mint sphere via the right', right(GREEN)],
  ['veer right and lift the grass-coloured ball', right(GREEN)],
  ['get the lime, passing the pole on its right', right(GREEN)],
  ['grab the crimson one, pass it on your left-hand side', left(RED)],
  ['go leftwards and lift the scarlet sphere', left(RED)],
  ['get the strawberry, passing the pole on its left', left(RED)],
  ['approach via the left, then seize the ruby ball', left(RED)],
  ['keep to the right-hand side and collect the maroon fruit', right(RED)],
  ['fetch the scarlet sphere via the right', right(RED)],
  ['veer right and lift the blood-coloured ball', right(RED)],
  ['get the cherry, passing the pole on its right', right(RED)],
];

export const sayings: readonly Saying[] = SAYINGS.map(([text, goal]) => ({ text, goal }));
