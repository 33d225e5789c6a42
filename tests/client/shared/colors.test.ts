import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { colorSheet, cssColor, thinColor } from '../../../client/shared/colors.ts';
import { codeOf, ROOT } from '../../support/sources.ts';

/** Black and white mean nothing but themselves. */
const PLAIN = ['000000', 'ffffff', 'fff', '000'];

const sources = readdirSync(join(ROOT, 'client'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(tsx?|css)$/.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, 'client', path), 'utf8') }));

describe('a colour', () => {
  it('is written once, for style sheets, plots and the stage together', () => {
    const places = new Map<string, string[]>();
    for (const { path, text } of sources) {
      for (const [, hex] of codeOf(text).matchAll(/(?:#|\b0x)([0-9a-fA-F]{6})\b/g)) {
        const color = hex.toLowerCase();
        if (!PLAIN.includes(color)) places.set(color, [...(places.get(color) ?? []), path]);
      }
    }
    expect(places.size).toBeGreaterThan(30);
    expect([...places].filter(([, paths]) => paths.length > 1)).toEqual([]);
  });

  it('that a style sheet asks for by name is defined', () => {
    const sheets = sources.filter(({ path }) => path.endsWith('.css'));
    const all = [colorSheet(), ...sheets.map(({ text }) => text)].join('\n');
    const defined = new Set(Array.from(all.matchAll(/(--[\w-]+)\s*:/g), ([, name]) => name));
    const inViews = sources.flatMap(({ text }) =>
      Array.from(text.matchAll(/['"`](--[\w-]+)['"`]/g), ([, name]) => name),
    );
    for (const name of inViews) defined.add(name);
    const asked = Array.from(all.matchAll(/var\((--[\w-]+)\)/g), ([, name]) => name);
    expect(asked.filter((name) => !defined.has(name))).toEqual([]);
  });

  it('is the same in the forms that a canvas takes', () => {
    expect(cssColor(0x00ff0a)).toBe('#00ff0a');
    expect(thinColor(0x93a0b2, 0.14)).toBe('rgb(147 160 178 / 0.14)');
  });
});
