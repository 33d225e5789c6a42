import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, gzipSync } from 'node:zlib';
import { chooseSampler, type ShippedName } from '../../policies/config/index.ts';
import { traceProgram } from '../../policies/engine/traced-program.ts';
import { samplerSetup, type TrainedPolicy } from '../../policies/network-policy.ts';
import { stepFunction } from '../../policies/samplers/compile.ts';
import { createPlan } from '../../policies/samplers/plan.ts';
import { Reader } from '../../policies/text/reader.ts';
import { intoPlanes, unpack } from '../../server/in-page/pack.ts';
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
import { packLzma } from './lzma-encoder.ts';

/** Rows of a plan that acts, and of the fan that the page draws. */
const ACTING = 1;
const FAN = 16;

const require = createRequire(import.meta.url);
/** Folders of the page's own files. */
const POLICIES = 'policies';
const RUNTIME = 'runtime';

/**
 * Writes what a page that has no server finds beside it: policies, traced, and what runs them.
 *
 * @param out of the page
 * @cost about 2 s a policy, and 20 s to pack what runs them
 */
export async function writeShipment(out: string, names: readonly ShippedName[]): Promise<Shipment> {
  const policies: ShippedTraced[] = [];
  for (const name of names) policies.push(await shipPolicy(out, name, await loadShipped(name)));
  const shipment: Shipment = {
    shipment: SHIPMENT,
    version: VERSION,
    runtime: await shipRuntime(out),
    policies,
  };
  await repackPhysics(out);
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

async function shipRuntime(out: string): Promise<Shipment['runtime']> {
  const wasm = await readFile(require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
  const { version } = JSON.parse(
    await readFile(join(dirname(require.resolve('onnxruntime-web')), '../package.json'), 'utf8'),
  );
  const path = `${RUNTIME}/ort-${version}.bin`;
  await mkdir(join(out, RUNTIME), { recursive: true });
  await writeFile(join(out, path), packLzma(wasm));
  return { path, bytes: wasm.length, name: `ONNX Runtime Web ${version}` };
}

/** Packs the physics engine further than the build of the page has. */
async function repackPhysics(out: string): Promise<void> {
  const assets = join(out, 'assets');
  const names = await readdir(assets).catch(() => []);
  for (const name of names.filter((each) => /^physics-[\w-]+\.bin$/.test(each))) {
    const bytes = await unpack(Uint8Array.from(await readFile(join(assets, name))));
    await writeFile(join(assets, name), packLzma(bytes));
  }
}

/** As `unpack` reads it: small from a host that compresses nothing, too. */
async function writePacked(out: string, path: string, bytes: Uint8Array): Promise<ShippedFile> {
  const place = join(out, path);
  await mkdir(dirname(place), { recursive: true });
  await writeFile(place, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
  return { path, bytes: bytes.length };
}
