import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CSS_COLORS,
  colorSheet,
  cssColor,
  POLICY_ACCENTS,
  SURFACE_COLORS,
  TEXT_COLORS,
  thinColor,
} from '../../../client/shared/colors.ts';
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
      // As a function, too, which lets it through.
      for (const [, r, g, b] of codeOf(text).matchAll(/\brgb\((\d+)[ ,]+(\d+)[ ,]+(\d+)/g)) {
        const color = [r, g, b].map((each) => Number(each).toString(16).padStart(2, '0')).join('');
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

  it.each(['ground', 'sunken', 'surface', 'raised'] as const)(
    'of a text can be read on %s: WCAG 2.2, 1.4.3',
    (ground) => {
      const told = [
        'invalid',
        'invalid-soft',
        'good',
        'good-soft',
        'warning',
        'left',
        'right',
        'ball',
      ];
      const texts = {
        ...TEXT_COLORS,
        ...POLICY_ACCENTS,
        ...Object.fromEntries(told.map((name) => [name, CSS_COLORS[name]])),
      };
      const pale = Object.entries(texts).flatMap(([name, hex]) => {
        const ratio = contrast(hex, SURFACE_COLORS[ground]);
        return ratio >= 4.5 ? [] : [`${name}: ${ratio.toFixed(2)}`];
      });
      expect(pale).toEqual([]);
    },
  );

  it('of what has the keyboard stands out from every surface: WCAG 2.2, 1.4.11', () => {
    const ratios = Object.values(SURFACE_COLORS).map((hex) => contrast(CSS_COLORS.focus, hex));
    expect(Math.min(...ratios)).toBeGreaterThanOrEqual(3);
  });
});

/** Between the luminances of two colours, 1 to 21. @see WCAG 2.2, contrast ratio */
function contrast(a: number, b: number): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: number): number {
  const [r, g, b] = [hex >> 16, (hex >> 8) & 255, hex & 255].map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
