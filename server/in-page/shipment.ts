import type { ShippedName } from '../../policies/config/shipped.ts';
import type { ProgramShape } from '../../policies/engine/web.ts';
import type { StepProgram, TracedFacts } from '../../policies/traced-policy.ts';
import type { DemonstrationSet } from '../protocol/datasets.ts';
import type { Packing } from './pack.ts';

/** Another number where a page and the files beside it do not fit each other. */
export const SHIPMENT = 2;

/** Where the shipment says what it is. */
export const SHIPMENT_FILE = 'shipment.json';

/** What models call the file of their weights. */
export const WEIGHTS_NAME = 'weights';

/** A file of the shipment. */
export interface ShippedFile {
  /** From the page's folder. */
  readonly path: string;
  /** Of what it holds, unpacked. */
  readonly bytes: number;
  readonly packing: Packing;
}

export interface ShippedProgram extends StepProgram {
  readonly model: ShippedFile;
  readonly shape: ProgramShape;
}

/** A policy that ships, traced. */
export interface ShippedTraced extends TracedFacts {
  readonly name: ShippedName;
  /** In planes, as `intoPlanes` has them. */
  readonly weights: ShippedFile;
  readonly programs: readonly ShippedProgram[];
}

/** What lies beside a page that has no server. */
export interface Shipment {
  readonly shipment: typeof SHIPMENT;
  /** Of the program that made it. */
  readonly version: string;
  /** ONNX Runtime as WebAssembly. */
  readonly runtime: ShippedFile & { readonly name: string };
  readonly policies: readonly ShippedTraced[];
  /** What these have learnt from: where their starts lay. */
  readonly sets: readonly DemonstrationSet[];
}
