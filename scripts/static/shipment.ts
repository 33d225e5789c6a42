import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chooseSampler, type ShippedName } from '../../policies/config/index.ts';
import { traceProgram } from '../../policies/engine/traced-program.ts';
import { samplerSetup, type TrainedPolicy } from '../../policies/network-policy.ts';
import { stepFunction } from '../../policies/samplers/compile.ts';
import { createPlan } from '../../policies/samplers/plan.ts';
import { Reader } from '../../policies/text/reader.ts';
import { listShippedSets } from '../../server/datasets/shipped-sets.ts';
import { intoPlanes, type Packing } from '../../server/in-page/pack.ts';
import {
  SHIPMENT,
  SHIPMENT_FILE,
  type Shipment,
  type ShippedFile,
  type ShippedProgram,
  type ShippedTraced,
  WEIGHTS_NAME,
} from '../../server/in-page/shipment.ts';
import { loadShipped } from '../../server/storage/workspace.ts';
import { VERSION } from '../version.ts';
import { type Effort, pack } from './pack.ts';

/** Rows of a plan that acts, and of the fan that the page draws. */
const ACTING = 1;
const FAN = 16;

const require = createRequire(import.meta.url);
/** Folders of the page's own files. */
const POLICIES = 'policies';
const RUNTIME = 'runtime';
/** First bytes of WebAssembly. */
const WASM = [0x00, 0x61, 0x73, 0x6d] as const;

/**
 * Writes what a page that has no server finds beside it: policies, traced, and what runs them.
 *
 * @param out of the page
 * @cost about 2 s a policy, and 30 s to pack what runs them in full
 */
export async function writeShipment(
  out: string,
  names: readonly ShippedName[],
  effort: Effort,
): Promise<Shipment> {
  const policies: ShippedTraced[] = [];
  for (const name of names) policies.push(await shipPolicy(out, name, await loadShipped(name)));
  const shipment: Shipment = {
    shipment: SHIPMENT,
    version: VERSION,
    runtime: await shipRuntime(out, effort),
    policies,
    sets: await listShippedSets(policies),
  };
  await packPhysics(out, effort);
  await writeFile(join(out, SHIPMENT_FILE), JSON.stringify(shipment));
  return shipment;
}

async function shipPolicy(
  out: string,
  name: ShippedName,
  trained: TrainedPolicy,
): Promise<ShippedTraced> {
  const { weights, ...facts } = trained;
  const { spec } = trained;
  const folder = `${POLICIES}/${name}`;
  const reader = spec.condition ? await Reader.create(spec.condition.text) : null;
  const plan = createPlan(spec.objective, chooseSampler(spec.objective));
  const looks = spec.condition ? [{ batch: ACTING, attention: true }] : [];
  const programs: ShippedProgram[] = [];
  for (const { batch, attention } of [
    { batch: ACTING, attention: false },
    { batch: FAN, attention: false },
    ...looks,
  ]) {
    const setup = samplerSetup(trained, plan, { batch, reader, guidance: 1 });
    const { fn, inputs } = stepFunction({ ...setup, attention });
    const { model, shape } = await traceProgram(fn, inputs, weights, WEIGHTS_NAME);
    const path = `${folder}/step-${batch}${attention ? '-attention' : ''}.bin`;
    programs.push({ batch, attention, shape, model: await writePacked(out, path, model) });
  }
  const bytes = intoPlanes(new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength));
  return {
    ...facts,
    name,
    parameters: weights.length,
    weights: await writePacked(out, `${folder}/weights.bin`, bytes),
    programs,
  };
}

async function shipRuntime(out: string, effort: Effort): Promise<Shipment['runtime']> {
  const wasm = await readFile(require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
  const { version } = JSON.parse(
    await readFile(join(dirname(require.resolve('onnxruntime-web')), '../package.json'), 'utf8'),
  );
  const file = await writePacked(out, `${RUNTIME}/ort-${version}.bin`, wasm, 'brotli', effort);
  return { ...file, name: `ONNX Runtime Web ${version}` };
}

/** Packs the physics engine where the build of the page has put it. */
async function packPhysics(out: string, effort: Effort): Promise<void> {
  const assets = join(out, 'assets');
  const names = await readdir(assets).catch(() => []);
  for (const name of names.filter((each) => /^physics-[\w-]+\.bin$/.test(each))) {
    const bytes = await readFile(join(assets, name));
    // Packed already by a build before this one.
    if (WASM.some((byte, i) => bytes[i] !== byte)) continue;
    await writeFile(join(assets, name), pack(bytes, 'brotli', effort));
  }
}

/** As `unpack` reads it: small from a host that compresses nothing, too. */
async function writePacked(
  out: string,
  path: string,
  bytes: Uint8Array,
  packing: Packing = 'gzip',
  effort: Effort = 'full',
): Promise<ShippedFile> {
  const place = join(out, path);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, pack(bytes, packing, effort));
  return { path, bytes: bytes.length, packing };
}
