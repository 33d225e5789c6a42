import type { Scalar, Tensor3D } from '@tensorflow/tfjs';
import type { NetworkSpec } from '../config/network.ts';
import type { ObjectiveSpec } from '../config/objective.ts';
import type { SamplerKind } from '../config/sampler.ts';
import type { Path, TensorFlow } from '../paths.ts';
import type { Random } from '../random.ts';

type Kind = ObjectiveSpec['kind'];
type ObjectiveOf<K extends Kind> = Extract<ObjectiveSpec, { kind: K }>;

/**
 * A method: what a policy learns, and how chunks are drawn from what it has learnt. One file each
 * (docs/add-a-method.md), with its `Learning`. This half is data: all that the page carries of it.
 */
export interface Method<K extends Kind = Kind> {
  /** By which runs, checkpoints and the command line know it. */
  readonly name: string;
  /** As people call it. */
  readonly title: string;
  /** What its network is asked for, in a few words. */
  readonly learns: string;
  /** As all presets make it. */
  readonly objective: ObjectiveOf<K>;
  /**
   * What a policy of a task with a language learns, or why there is none: then it reads neither words
   * nor pictures.
   */
  readonly reading: ObjectiveOf<K> | { readonly unable: string };
  /** An objective in a few words, with what was chosen of it. @default its kind */
  describe?(objective: ObjectiveOf<K>): string;
  /**
   * The method of the policy that it learns from, and with whose weights it begins; absent where it
   * learns from demonstrations alone.
   */
  readonly teacher?: string;
  readonly network: NetworkSpec['kind'];
  /** How its chunks can be drawn, the usual way first. */
  readonly samplers: readonly [SamplerKind, ...SamplerKind[]];
}

/** How a method is learnt. Nothing in it loads TensorFlow.js: the lesson trains in a browser. */
export interface Learning<K extends Kind = Kind> {
  /** How data and noise are joined; null where nothing is noised. */
  path(objective: ObjectiveOf<K>): Path | null;
  /** Diffusion step k/K or flow time τ of one training sample. @default as the path draws it */
  drawTime?(objective: ObjectiveOf<K>, random: Random): number;
  /**
   * Of a batch, from the network's answers less what they should be.
   *
   * @param error [B, Tp, Da], normalised
   */
  loss(tf: TensorFlow, error: Tensor3D): Scalar;
}
