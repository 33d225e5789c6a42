/** Line icons on a 24 × 24 grid, drawn in the text's colour. */
const PATHS = {
  demos: 'M12 3 3 7.5l9 4.5 9-4.5L12 3ZM3 12l9 4.5 9-4.5M3 16.5 12 21l9-4.5',
  train: 'M4 4v16h16M7 9c2 6 5 8 12 8.5',
  compare: 'M5 20V10M12 20V4M19 20v-7',
  record: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 15.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z',
  why: 'M9 18h6M10 21h4M12 3a6 6 0 0 0-3.6 10.8c.7.5 1.1 1.3 1.1 2.2h5c0-.9.4-1.7 1.1-2.2A6 6 0 0 0 12 3Z',
  denoise:
    'M4 6h.01M9 4h.01M5 11h.01M10 9h.01M4 16h.01M9 14h.01M6 20h.01M13 6c3 0 3 3 7 3M13 12h7M13 18c3 0 3-3 7-3',
  latency: 'M12 21a8 8 0 1 0 0-16 8 8 0 0 0 0 16ZM12 9v4l2.5 2M10 2h4M12 2v3',
  state: 'M4 6h10M4 12h16M4 18h7M18 6h2M15 18h5',
  play: 'M7 4.5v15l12-7.5-12-7.5Z',
  pause: 'M8 5v14M16 5v14',
  next: 'M6 5v14l9-7-9-7ZM18 5v14',
  again: 'M4 12a8 8 0 1 0 2.6-5.9M4 4v4.5h4.5',
  hand: 'M8 12V6.5a1.5 1.5 0 0 1 3 0V11M11 10V4.5a1.5 1.5 0 0 1 3 0V11M14 11V6.5a1.5 1.5 0 0 1 3 0V14c0 4-2 7-6 7-3.5 0-5-2-7-6.5-.6-1.4 1.3-2.4 2.2-1.2L8 15.5',
  close: 'M6 6l12 12M18 6 6 18',
  trash: 'M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13',
  chevron: 'm6 9 6 6 6-6',
  download: 'M12 4v11M7 11l5 5 5-5M4 20h16',
  stop: 'M6 6h12v12H6z',
  back: 'M9 6 4 11l5 5M4 11h10a6 6 0 0 1 0 12',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  speech: 'M4 5h16v11H11l-5 4v-4H4V5Z',
  share: 'M12 15V3M8 7l4-4 4 4M5 12v8h14v-8',
  eye: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6Z',
  alert: 'M12 4 2.5 20h19L12 4ZM12 10v4.5M12 17.2v.3',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
