import { type Perturbation, parsePerturbation, UNPERTURBED } from '../../sim/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { StageSettings } from '../protocol/stage.ts';

/**
 * What is otherwise on a stage; undefined where nothing is.
 *
 * @throws ProtocolError 'invalid-request' for a text that says none
 */
export function perturbationOf({
  perturb = UNPERTURBED,
}: Pick<StageSettings, 'perturb'>): Perturbation | undefined {
  const perturbation = parsePerturbation(perturb);
  if (typeof perturbation !== 'string') return perturbation ?? undefined;
  throw new ProtocolError('invalid-request', perturbation);
}
