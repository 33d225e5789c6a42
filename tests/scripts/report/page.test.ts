import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { reportPage } from '../../../scripts/report/page.ts';
import type { Contender, ExperimentPlan } from '../../../server/experiments/plan.ts';
import { somePlan } from '../../support/experiments.ts';
import { someReport } from '../../support/reports.ts';

const [EULER] = somePlan().contenders;
/** Two policies, one of which draws once, by three of NFE and of Ta. */
const CROSSED: ExperimentPlan = somePlan({
  contenders: [8, 16, 20].flatMap((actionHorizon): Contender[] => [
    {
      ...{ ...EULER, actionHorizon, name: 'l2', noise: false },
      ...{ source: { kind: 'shipped', name: 'l2' }, sampler: { kind: 'direct' } },
    },
    ...[1, 2, 4].map((steps): Contender => {
      return { ...EULER, actionHorizon, sampler: { kind: 'euler', steps }, nfe: steps };
    }),
  ]),
});
const PERTURBED: ExperimentPlan = somePlan({
  contenders: [EULER, { ...EULER, perturbation: { mass: 2 } }],
});
const HOSTILE = `"><script>alert(1)</script><img src=x onerror='1'>&amp;\u202e`;

interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Elements of a page in their order, and what is wrong with how they are nested; of our own markup alone. */
function readTags(html: string): { tags: Tag[]; problems: string[] } {
  const tags: Tag[] = [];
  const problems: string[] = [];
  const open: string[] = [];
  const found = html.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[\w-]+(?:="[^"<>]*")?)*)\s*>/g);
  for (const [, end, name, said] of found) {
    if (end) {
      const last = open.pop();
      if (last !== name) problems.push(`</${name}> ends <${last}>`);
      continue;
    }
    const attributes = [...said.matchAll(/\s([\w-]+)(?:="([^"]*)")?/g)];
    tags.push({ name, attributes: new Map(attributes.map(([, key, value = '']) => [key, value])) });
    if (!['meta', 'br'].includes(name)) open.push(name);
  }
  return { tags, problems: [...problems, ...open] };
}

const valuesOf = (tags: readonly Tag[], key: string) =>
  tags.flatMap(({ attributes }) => attributes.get(key) ?? []);

describe.each([
  ['a small experiment', someReport()],
  ['one that crosses', someReport(CROSSED, { within: 0.1 })],
  ['one with a perturbation', someReport(PERTURBED)],
  ['one of a single contender', someReport(somePlan({ contenders: [EULER] }))],
  ['one of results of an earlier version', someReport(somePlan(), { earlier: true })],
  ['one without pictures', { ...someReport(), pictures: [] }],
])('the page of %s', (_, content) => {
  const html = reportPage(content);
  const { tags, problems } = readTags(html);

  it('is whole: all that begins ends, and every < begins something', () => {
    expect(problems).toEqual([]);
    const beginnings = html.replace('<!doctype html>', '').split('<').length - 1;
    const ends = html.match(/<\//g)?.length ?? 0;
    expect(tags.length + ends).toBe(beginnings);
  });

  it('loads nothing and runs nothing, and its policy allows nothing but its style', () => {
    const loading = ['script', 'link', 'img', 'iframe', 'object', 'embed', 'use', 'image', 'base'];
    expect(tags.filter(({ name }) => loading.includes(name))).toEqual([]);
    const keys = tags.flatMap(({ attributes }) => [...attributes.keys()]);
    expect(keys.filter((key) => /^on|^style$|^src|^xlink|^action$/.test(key))).toEqual([]);
    expect(html).not.toMatch(/url\(|@import|@font-face/);
    const [, style = ''] = /<style>(.*?)<\/style>/s.exec(html) ?? [];
    const digest = createHash('sha256').update(style).digest('base64');
    const policy = `default-src &#39;none&#39;; style-src &#39;sha256-${digest}&#39;;`;
    expect(valuesOf(tags, 'content').some((value) => value.startsWith(policy))).toBe(true);
  });

  it('has an id once, and everything that is referred to', () => {
    const ids = valuesOf(tags, 'id');
    expect(new Set(ids).size).toBe(ids.length);
    const referred = ['aria-labelledby', 'aria-describedby'].flatMap((key) =>
      valuesOf(tags, key).flatMap((value) => value.split(' ')),
    );
    const links = valuesOf(tags, 'href');
    const linked = links.flatMap((value) => (value.startsWith('#') ? value.slice(1) : []));
    // All others lead to the page that plays the rollout of a picture.
    const away = links.filter((value) => !value.startsWith('#'));
    expect(away).toHaveLength(content.pictures.length);
    expect(away.filter((value) => !value.startsWith(`${content.places.page}?recorded=`))).toEqual(
      [],
    );
    expect(referred.length).toBeGreaterThan(0);
    expect([...referred, ...linked].filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('tells each drawing in words, and has the numbers of each plot in a table', () => {
    const drawings = tags.filter(({ name }) => name === 'svg');
    const silent = drawings.filter(
      ({ attributes }) =>
        attributes.get('aria-hidden') !== 'true' &&
        !(attributes.get('role') === 'img' && attributes.has('aria-labelledby')),
    );
    expect(silent).toEqual([]);
    const plots = html.match(/<div class="plot">/g)?.length ?? 0;
    expect(html.match(/The numbers of this plot/g)).toHaveLength(plots);
    expect(html).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });
});

it('shows where plans, hands and demonstrators pass, with quantiles in cm', () => {
  const html = reportPage(someReport());
  const [, rows = ''] = /<div id="offsets-numbers"(.*?)<\/table>/s.exec(html) ?? [];
  expect(rows).toContain('<th scope="row">flow: first plans</th>');
  // Of six rollouts from two starts each of two contenders the first noise has no plan that passes.
  expect(rows).toMatch(/flow: first plans<\/th><td[^>]*>8\/12<\/td><td class="number">−12.0<\/td>/);
  expect(reportPage(someReport(somePlan(), { earlier: true }))).not.toContain('id="offsets"');
});

it('names, instructions and reasons are never anything but text', () => {
  const contenders = [
    { ...EULER, source: { kind: 'run' as const, id: HOSTILE }, name: HOSTILE },
    { ...EULER, source: { kind: 'run' as const, id: 'b' }, name: 'b' },
  ];
  const plan = somePlan({
    ...{ contenders, instruction: HOSTILE },
    leftOut: [{ combination: HOSTILE, reason: HOSTILE }],
  });
  const html = reportPage(someReport(plan, { directory: HOSTILE }));
  const { tags, problems } = readTags(html);
  expect(problems).toEqual([]);
  expect(tags.filter(({ name }) => name === 'script' || name === 'img')).toEqual([]);
  expect(html).not.toContain('\u202e');
  expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
});

it('a picture that is not proven says so, with both hashes', () => {
  const content = someReport();
  const html = reportPage(content);
  const [, last] = content.pictures;
  expect(html.includes('1 ended in the recorded hash')).toBe(true);
  expect(html.match(/it ended in (f+), recorded is [0-9a-f]+/g)).toEqual([
    `it ended in ${'f'.repeat(16)}, recorded is ${last.recorded.replayHash}`,
  ]);
});

it('a plan that crosses is told by its axes, and each policy has its panels', () => {
  const html = reportPage(someReport(CROSSED));
  const [question] = /The policies[^<]*/.exec(html) ?? [];
  expect(question).toBe('The policies l2, flow, crossed with NFE 1, 2, 4; Ta 8, 16, 20.');
  // Success: two policies. Along Ta: both; along NFE: flow alone. The front: three of NFE.
  for (const [name, count] of [
    ['success', 2],
    ['curve-actionHorizon', 2],
    ['curve-nfe', 1],
    ['front', 3],
  ] as const) {
    expect([name, html.match(new RegExp(`id="${name}-\\d+"`, 'g'))?.length]).toEqual([name, count]);
  }
});

it('times of plans stand beside the front where they were taken, with what took them', () => {
  const content = someReport(CROSSED);
  expect(reportPage(content)).not.toContain('ms a plan');
  const place = content.report.contenders.findIndex(({ onFront }) => onFront);
  const chunk = { p50: 3.21, p90: 4, p95: 5, p99: 12.34, max: 13 };
  const plans = new Map([[place, { chunk, perStep: chunk, firstCall: 20, n: 50 }]]);
  const html = reportPage({ ...content, times: { plans, cpu: 'a <quiet> processor' } });
  expect(html).toContain('as this report was made, on a &lt;quiet&gt; processor.');
  expect(html).toMatch(/>3\.2<\/td><td[^>]*>12\.3</);
});

it('a policy whose network calls nobody knows has a curve beside those of others', () => {
  const of = {
    ...EULER,
    source: { kind: 'onnx', file: 'onnx:other.onnx' },
    name: 'onnx:other.onnx',
  };
  const own = [8, 16, 20].map((actionHorizon): Contender => {
    return { ...of, actionHorizon, sampler: null, nfe: null } as Contender;
  });
  const html = reportPage(someReport({ ...CROSSED, contenders: [...CROSSED.contenders, ...own] }));
  expect(html.match(/id="curve-actionHorizon-\d+"/g)).toHaveLength(3);
  expect(html).toContain('NFE –');
});

it('a replay is a word of a shell, whatever the directory is called', () => {
  const html = reportPage(someReport(somePlan(), { directory: "it's a sweep" }));
  expect(html).toContain('replay &#39;it&#39;\\&#39;&#39;s a sweep#0/0/0&#39;');
});
