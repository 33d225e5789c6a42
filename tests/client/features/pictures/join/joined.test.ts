import { describe, expect, it } from 'vitest';
import { linksOf, PARTS } from '../../../../../client/features/pictures/join/joined.ts';
import { readUrl } from '../../../../../client/shell/address/read-url.ts';
import { sourcesIn } from '../../../../support/sources.ts';

const headings = new Set(
  sourcesIn('client/features/pictures').flatMap(({ text }) =>
    Array.from(text.matchAll(/<h2 id="([^"]+)"/g), ([, id]) => id),
  ),
);

describe('what joins pictures and the robot', () => {
  it.each(PARTS)('leads from %s to a section of the page', (part) => {
    const { picture } = linksOf(part, 'en', 2);
    expect([...headings]).toContain(picture.slice(1));
  });

  it('leads to where a painter is asked for while there are too few for a section', () => {
    const picturesWith = (painters: number) =>
      PARTS.map((part) => linksOf(part, 'en', painters).picture);
    const [none, one, two] = [0, 1, 2].map(picturesWith);
    expect(none.filter((link) => link === '#draw-title')).toHaveLength(6);
    expect(one.filter((link) => link === '#draw-title')).toHaveLength(4);
    expect(two.filter((link) => link === '#draw-title')).toHaveLength(2);
  });

  it.each(PARTS)('leads from %s to an address that the other page takes as it is', (part) => {
    const { robot } = linksOf(part, 'zh', 2);
    const { state, ignored } = readUrl(robot.slice(robot.indexOf('#')));
    expect(ignored).toEqual([]);
    expect(state.language).toBe('zh');
  });

  it('shows the robot otherwise for each part but two', () => {
    const links = new Set(PARTS.map((part) => linksOf(part, 'en', 2).robot));
    // The network and its sampler are seen in one place.
    expect(links.size).toBe(PARTS.length - 1);
  });
});
