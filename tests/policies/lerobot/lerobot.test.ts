import { describe, expect, it } from 'vitest';
import { encodeSafetensors } from '../../../policies/checkpoint/safetensors.ts';
import { SpecError } from '../../../policies/config/index.ts';
import { createEagerEngine, type Engine } from '../../../policies/engine/index.ts';
import { LeRobotPolicy, readLeRobot } from '../../../policies/lerobot/index.ts';
import { decodeTensors } from '../../../policies/lerobot/tensors.ts';
import { ImageError } from '../../../policies/policy.ts';
import { InstructionError } from '../../../policies/text/tokenizer.ts';
import { relativeError } from '../../support/engines.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import {
  changed,
  expectedAnswers,
  filesOf,
  noiseAsked,
  observationsAsked,
} from '../../support/lerobot.ts';

const PLACE = { task: 'left-right', controlHz: 20 } as const;
type Files = Map<string, Uint8Array>;

const read = (files: Files) => readLeRobot(async (name) => files.get(name) ?? null);

async function open(files: Files, engine: Engine = keepingEngine()) {
  return new LeRobotPolicy(engine, await read(files), PLACE);
}

/** A checkpoint of two levels with some of a JSON file's values exchanged. */
function wideWith(changes: Readonly<Record<string, unknown>>, file = 'config.json'): Files {
  const files = filesOf('wide');
  return files.set(file, changed(files.get(file) ?? new Uint8Array(), changes));
}

/** With tensors exchanged, taken away (null) or added. */
function wideWithTensors(changes: Readonly<Record<string, number[] | null>>): Files {
  const files = filesOf('wide');
  const tensors = new Map(decodeTensors('', files.get('model.safetensors') ?? new Uint8Array()));
  for (const [name, values] of Object.entries(changes)) {
    if (values) tensors.set(name, { shape: [values.length], data: Float32Array.from(values) });
    else tensors.delete(name);
  }
  return files.set('model.safetensors', encodeSafetensors({ tensors, metadata: new Map() }));
}

async function drawTwo(policy: LeRobotPolicy) {
  const planner = await policy.prepare(2);
  const { obsHorizon } = policy.describe();
  const streams = [noiseAsked(0), noiseAsked(1)];
  return planner.draw(observationsAsked(obsHorizon), streams);
}

const cases = expectedAnswers().map((each) => ({ ...each, said: JSON.stringify(each.changes) }));

describe('a diffusion policy of LeRobot', () => {
  it.each(cases)("answers as LeRobot's own: $checkpoint $said", async (answer) => {
    const { checkpoint, changes, actions } = answer;
    const files = filesOf(checkpoint);
    files.set('config.json', changed(files.get('config.json') ?? new Uint8Array(), changes));
    const { chunk } = await drawTwo(await open(files));
    expect(relativeError(chunk, actions)).toBeLessThan(1e-4);
    // Answers that are all alike would be equal to anything.
    expect(Math.max(...actions) - Math.min(...actions)).toBeGreaterThan(0.3);
  });

  it('answers so on another engine', async () => {
    const answer = cases.find(({ checkpoint }) => checkpoint === 'biases');
    const policy = await open(filesOf('biases'), await createEagerEngine('cpu'));
    const { chunk } = await drawTwo(policy);
    expect(relativeError(chunk, answer?.actions ?? [])).toBeLessThan(1e-4);
  });

  it('says what it observes and how far it plans, from now on', async () => {
    const { weights } = await read(filesOf('wide'));
    expect((await open(filesOf('wide'))).describe()).toEqual({
      ...PLACE,
      name: 'lerobot',
      evaluations: 20,
      objective: null,
      abilities: {
        noise: true,
        instructions: false,
        picture: null,
        guidance: false,
        inpainting: false,
      },
      obsHorizon: 1,
      predHorizon: 8,
      observationDim: 14,
      actionDim: 8,
      parameters: weights.length,
    });
  });

  it('draws a row from its own observation and noise alone', async () => {
    const policy = await open(filesOf('biases'));
    const { chunk } = await drawTwo(policy);
    const planner = await policy.prepare(2);
    const observation = observationsAsked(3);
    observation.fill(9, observation.length / 2);
    const { chunk: again } = await planner.draw(observation, [noiseAsked(0)]);
    expect([...again.subarray(0, 6 * 8)]).toEqual([...chunk.subarray(0, 6 * 8)]);
  });

  it('reads the names of a network that was compiled', async () => {
    const files = filesOf('biases');
    const tensors = decodeTensors('', files.get('model.safetensors') ?? new Uint8Array());
    const renamed = new Map(
      [...tensors].map(([name, entry]) => [name.replace('unet.', 'unet._orig_mod.'), entry]),
    );
    files.set(
      'model.safetensors',
      encodeSafetensors({ tensors: renamed, metadata: new Map([['format', 'pt']]) }),
    );
    const [as, compiled] = [await read(filesOf('biases')), await read(files)];
    expect([...compiled.weights]).toEqual([...as.weights]);
  });

  it('says of a row without finite numbers that it has no plan', async () => {
    const planner = await (await open(filesOf('biases'))).prepare(2);
    const observation = observationsAsked(3);
    observation[0] = Number.NaN;
    const { failures } = await planner.draw(observation, [noiseAsked(0), noiseAsked(1)]);
    expect([...(failures ?? [])]).toEqual([[0, 'actions: expected finite numbers, got NaN']]);
  });

  it.each([
    [{ sampler: { kind: 'ddpm' } } as const, /^sampler: expected a policy of this program/],
    [{ guidance: 2 }, /^guidance/],
    [{ inpainting: true }, /^inpainting/],
    [{ attention: true }, /^attention/],
    [{ states: true }, /^states/],
  ])('has no option %j', async (options, message) => {
    const asked = (await open(filesOf('biases'))).prepare(1, options);
    await expect(asked).rejects.toThrow(SpecError);
    await expect(asked).rejects.toThrow(message);
  });

  it('reads no instruction and looks at no picture', async () => {
    const planner = await (await open(filesOf('biases'))).prepare(2);
    const asked = (told: object) => planner.draw(observationsAsked(3), [], told);
    await expect(asked({ instructions: ['', 'left'] })).rejects.toThrow(InstructionError);
    await expect(asked({ images: new Uint8Array(3) })).rejects.toThrow(ImageError);
    await expect(planner.read('left')).rejects.toThrow(InstructionError);
  });
});

const feature = (type: string, ...shape: number[]) => ({ type, shape });
const STATE = { 'observation.state': feature('STATE', 8) };
const PICTURE = { 'observation.images.front': feature('VISUAL', 3, 96, 96) };

describe('settings', () => {
  it.each([
    ['another policy', { type: 'act' }, /type: expected diffusion, got "act"; ask it through/],
    [
      'a camera',
      { input_features: { ...STATE, ...PICTURE } },
      /picture "observation.images.front"/,
    ],
    [
      'other names',
      { input_features: { agent_pos: feature('STATE', 8) } },
      /"agent_pos" \(STATE\)/,
    ],
    ['no state', { input_features: {} }, /"observation.state" as a list of numbers, got none/],
    ['a table', { input_features: { 'observation.state': feature('STATE', 2, 4) } }, /\[2, 4\]/],
    ['more answers', { output_features: { reward: feature('REWARD', 1) } }, /got "reward"/],
    ['a horizon that cannot be halved', { horizon: 6 }, /horizon: expected a multiple of 4/],
    ['uneven groups', { n_groups: 3 }, /down_dims: expected multiples of n_groups, 3/],
    ['an even kernel', { kernel_size: 4 }, /expected an odd number/],
    ['too many levels', { down_dims: new Array(7).fill(8) }, /down_dims/],
    ['wide levels', { down_dims: [4096, 4096], kernel_size: 31 }, /at most 300000000 parameters/],
    ['more steps than there are', { num_inference_steps: 21 }, /at most num_train_timesteps, 20/],
    ['an unknown schedule', { beta_schedule: 'exp' }, /beta_schedule/],
    [
      "a schedule of DDPM's alone",
      { beta_schedule: 'sigmoid', noise_scheduler_type: 'DDIM' },
      /one that DDIM has, got sigmoid/,
    ],
    ['an unknown answer', { prediction_type: 'v_prediction' }, /prediction_type/],
    ['an unknown scale', { normalization_mapping: { STATE: 'LOG' } }, /normalization_mapping/],
    ['no β', { beta_schedule: 'linear', beta_start: 0 }, /beta_start/],
    ['a number that is none', { clip_sample_range: 'wide' }, /clip_sample_range/],
  ])('with %s are refused', async (_, changes, message) => {
    await expect(read(wideWith(changes))).rejects.toThrow(message);
  });

  it('are asked for before anything else, and bound the size of the weights', async () => {
    const asked: [string, number][] = [];
    const files = filesOf('biases');
    await readLeRobot(async (name, most) => {
      asked.push([name, most]);
      return files.get(name) ?? null;
    });
    expect(asked[0][0]).toBe('config.json');
    const [, most] = asked.find(([name]) => name === 'model.safetensors') ?? [];
    expect(most).toBeLessThan(2_200_000);
  });

  it('may say in which task it acts', async () => {
    const files = filesOf('biases').set(
      'forking-paths.json',
      new TextEncoder().encode('{"task": "three-ways", "control_hz": 50}'),
    );
    expect((await read(files)).acts).toEqual({ task: 'three-ways', control_hz: 50 });
    files.set('forking-paths.json', new TextEncoder().encode('{"hz": 50}'));
    await expect(read(files)).rejects.toThrow(/^forking-paths.json: .*hz/s);
  });
});

const STEP = { registry_name: 'to_batch_processor', config: {} };
const PRE = 'policy_preprocessor.json';
const NORM = 'policy_preprocessor_step_3_normalizer_processor.safetensors';
const without = (name: string): Files => {
  const files = filesOf('wide');
  files.delete(name);
  return files;
};

describe('a directory', () => {
  it.each([
    ['nothing', new Map(), /^config.json: expected it in the directory/],
    ['no weights', without('model.safetensors'), /^model.safetensors: expected it beside/],
    ['no postprocessor', without('policy_postprocessor.json'), /^policy_postprocessor.json/],
    ['no statistics', without(NORM), /^policy_preprocessor_step_3.*expected it beside/],
    ['neither processors nor statistics', without(PRE), /observation.state: expected "min", 8/],
    ['settings that are no JSON', filesOf('wide').set('config.json', Uint8Array.of(1)), /JSON/],
    [
      'weights that are none',
      filesOf('wide').set('model.safetensors', Uint8Array.of(1)),
      /8 bytes/,
    ],
    ['a step of another', wideWith({ steps: [{ ...STEP, registry_name: 'mine' }] }, PRE), /"mine"/],
    ['no normalisation', wideWith({ steps: [STEP] }, PRE), /one step normalizer_processor, got 0/],
    [
      'names to be changed',
      wideWith(
        {
          steps: [
            { registry_name: 'rename_observations_processor', config: { rename_map: { a: 'b' } } },
          ],
        },
        PRE,
      ),
      /no names to be changed/,
    ],
    [
      'halves of numbers',
      wideWith(
        { steps: [{ registry_name: 'device_processor', config: { float_dtype: 'float16' } }] },
        PRE,
      ),
      /float32, got float16/,
    ],
    [
      'statistics elsewhere',
      wideWith(
        { steps: [{ registry_name: 'normalizer_processor', state_file: '../../etc/passwd' }] },
        PRE,
      ),
      /state_file/,
    ],
  ])('with %s is refused', async (_, files, message) => {
    await expect(read(files)).rejects.toThrow(message);
  });

  const OUT = 'diffusion.unet.final_conv.1.bias';
  it.each([
    [
      'a parameter less',
      { [OUT]: null },
      /"diffusion.unet.final_conv.1.bias" of shape \[8\].* none/,
    ],
    ['one of another shape', { [OUT]: [1, 2] }, /of shape \[8\], as the settings say, got \[2\]/],
    [
      'one more',
      { 'diffusion.rgb_encoder.out.bias': [1] },
      /"diffusion.rgb_encoder.out.bias" as well/,
    ],
    ['one that is not finite', { [OUT]: new Array(8).fill(Number.NaN) }, /finite numbers/],
    ['older statistics, too', { 'normalize_inputs.buffer_action.min': [1] }, /as well/],
  ])('with %s is refused', async (_, changes, message) => {
    await expect(read(wideWithTensors(changes))).rejects.toThrow(message);
  });
});
