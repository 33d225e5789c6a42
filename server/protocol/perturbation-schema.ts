import { z } from 'zod';
import { partialRecordOf } from '../../policies/config/record.ts';
import {
  PERTURBATIONS,
  type Perturbation,
  parsePerturbation,
  problemOf,
} from '../../sim/perturbations/index.ts';

/** Of a text that says one. */
const MOST_CHARACTERS = 200;

/** What is otherwise in rollouts: magnitudes by name. */
export const perturbationSchema = partialRecordOf(
  z.enum(PERTURBATIONS.map(({ name }) => name)),
  z.number(),
).superRefine((magnitudes: Perturbation, context) => {
  const problem = problemOf(magnitudes);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

/** The same as people write it: NAME=MAGNITUDE, several joined by "+". */
export const perturbationTextSchema = z
  .string()
  .max(MOST_CHARACTERS)
  .superRefine((text, context) => {
    const perturbation = parsePerturbation(text);
    if (typeof perturbation === 'string')
      context.addIssue({ code: 'custom', message: perturbation });
  });
