/** What every room of the server that computes builds on. */
const ROOM = [
  'sim',
  'policies',
  'demos',
  'server/protocol',
  'server/error-report',
  'server/statistics',
];
const ROOMS = [
  'server/storage',
  'server/openpi',
  'server/acting',
  'server/environment',
  'server/datasets',
  'server/training',
  'server/evaluation',
  'server/experiments',
  'server/stage',
  'server/painting',
  'server/grids',
];

/** What every feature of the page builds on. */
const FEATURE = [
  'server/protocol',
  'sim',
  'client/shared',
  'client/stage',
  'client/shell',
  'client/app',
  'client/texts',
];

/**
 * Who may import whom. A folder may always import itself; the longest folder that a file lies in
 * decides. ARCHITECTURE.md gives the reasons.
 */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  sim: [],
  policies: [],
  demos: ['sim', 'policies'],
  'demos/files': [],
  // Runs in a page as well.
  'demos/cats': ['sim/math', 'policies/random', 'policies/text/tokenizer'],
  // The composition root, server/main.ts, puts everything together.
  server: ['sim', 'policies', 'demos'],
  'server/protocol': [
    'policies/config',
    'policies/methods',
    'sim/tasks',
    'sim/perturbations',
    'sim/replay-hash',
  ],
  'server/error-report': ['server/protocol', 'server/acting-errors', 'sim', 'policies', 'demos'],
  'server/acting-errors': ['server/protocol', 'sim', 'policies'],
  'server/statistics': ['server/protocol', 'policies/random'],
  // Of the dataset store no more than its face: files are kept whole by what demos/files lends.
  'server/storage': [
    'server/protocol',
    'server/openpi',
    'sim',
    'policies',
    'demos/files/index',
    'demos/store/index',
  ],
  // Where files lie that machines share.
  'server/artefacts': ['server/protocol', 'demos/files/index'],
  'server/acting': ['server/protocol', 'sim', 'policies'],
  // The protocol of policy servers, both ends of it.
  'server/openpi': ['server/protocol', 'sim', 'policies'],
  // Asked by the same frames as a policy server.
  'server/environment': ['sim', 'policies', 'server/protocol', 'server/openpi', 'server/acting'],
  'server/datasets': [...ROOM, 'server/storage'],
  'server/training': [...ROOM, 'server/storage'],
  'server/evaluation': [...ROOM, 'server/storage', 'server/acting'],
  // Of what is evaluated: a shard is some cells of its grid.
  'server/experiments': [...ROOM, 'server/artefacts', 'server/storage', 'server/evaluation'],
  // What machines without a common disk hand one another.
  'server/exchange': [...ROOM, 'server/artefacts', 'server/storage', 'server/datasets'],
  // Trainings as data, named as shards are by what decides them.
  'server/grids': [...ROOM, 'server/storage', 'server/training', 'server/experiments'],
  // Cats that a painter has not seen are what its loss is measured on.
  'server/painting': [...ROOM, 'server/storage', 'server/training'],
  'server/stage': ['sim', 'policies', 'server/protocol', 'server/acting'],
  // What runs in a page has neither a disk nor the sources of what is traced.
  'server/in-page': [
    'server/protocol',
    'server/stage',
    'server/acting-errors',
    'sim',
    'policies/config/shipped',
    'policies/engine/web',
    'policies/policy',
    'policies/traced-policy',
  ],
  'server/jobs': [...ROOMS, 'server/protocol', 'server/error-report', 'sim', 'demos/demonstration'],
  // Shards of experiments for whoever takes them, and the processes that run them.
  'server/queue': [
    'server/artefacts',
    'server/datasets',
    'server/exchange',
    'server/experiments',
    'server/grids',
    'server/jobs',
    'server/protocol',
    'server/storage',
    'server/error-report',
    'policies/config',
  ],
  'server/net': ['server/jobs', 'server/protocol'],
  client: ['server/protocol', 'sim'],
  // What features share knows neither the page nor any of them, but for the page's texts.
  'client/shared': ['server/protocol', 'sim', 'client/texts'],
  // A feature knows another by the doors named here alone, each for the reason above it.
  // In the place of a server, the part of it that runs in a page.
  'client/features/alone': [...FEATURE, 'server/in-page/in-page-server'],
  'client/features/compare': FEATURE,
  'client/features/demos': FEATURE,
  // A plan is looked at as the views play it.
  'client/features/denoise': [...FEATURE, 'client/features/watch/playback'],
  'client/features/explain': [
    ...FEATURE,
    // What it explains is what the views measured and play.
    'client/features/watch/measurements',
    'client/features/watch/playback',
  ],
  'client/features/record': FEATURE,
  // A run learns from one of its datasets.
  'client/features/train': [...FEATURE, 'client/features/demos/datasets'],
  'client/features/watch': [
    ...FEATURE,
    // The stage has one picture, which these draw in while it is theirs.
    'client/features/demos/demo-overlay.tsx',
    'client/features/demos/demo-view',
    'client/features/record/record-door.ts',
    'client/features/record/held-hand',
    'client/features/record/record-view',
    // A button within a view.
    'client/features/record/take-over',
    // Where nothing acts yet it says what trains.
    'client/features/train/training',
  ],
  // The lesson is trained in the browser, by what the command line trains it with.
  'client/features/lesson': [
    ...FEATURE,
    'client/features/demos/datasets',
    'client/features/train/training',
    'policies/lesson',
    'policies/engine/eager',
    'policies/engine/types',
  ],
  // Cats are drawn and noised in the browser, by what training draws and noises them with.
  'client/features/pictures': [
    ...FEATURE,
    'demos/cats',
    'policies/lesson/forward',
    'policies/pixels',
    'policies/random',
    'policies/text/tokenizer',
    // And trained there, by the compiled engine.
    'policies/engine/types',
    'policies/engine/web-engine',
    'policies/pictures/live',
    'policies/pictures/live-size',
  ],
  // Results are called, and tables of perturbations look, as where they are asked for.
  'client/features/experiments': [
    ...FEATURE,
    'client/features/compare/result-names',
    'client/features/compare/robustness-table.tsx',
  ],
  'client/features/words': FEATURE,
  scripts: ['sim', 'policies', 'demos', 'server'],
};

/** Rooms that others enter by their index alone. */
const DOORS = ['demos/cats'];

/** Packages that only some folders may import; those named here and what lies under them. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@aws-sdk/client-s3': ['server/artefacts'],
  express: ['server/net'],
  'socket.io': ['server/net'],
  'pg-boss': ['server/queue'],
  pg: ['server/queue'],
  ws: ['server/openpi'],
  three: ['client'],
};

/** Folders that run in a browser, or promise to touch neither files nor the network. */
const NODE_BUILTINS: Readonly<Record<string, RegExp>> = {
  sim: /^node:/,
  'demos/cats': /^node:/,
  'server/protocol': /^node:/,
  policies: /^node:(fs|net|http|https|http2|tls|dgram|dns|child_process|cluster)(\/|$)/,
};

function lies(path: string, folder: string): boolean {
  return path === folder || path === `${folder}.ts` || path.startsWith(`${folder}/`);
}

function folderOf(path: string): string | undefined {
  return Object.keys(FOLDERS)
    .filter((folder) => lies(path, folder))
    .sort((a, b) => b.length - a.length)[0];
}

/** Whether a file may import another file of ours, both given from the root. */
export function mayImportFile(from: string, to: string): boolean {
  const folder = folderOf(from);
  const room = DOORS.find((each) => lies(to, each) && !lies(from, each));
  if (room && to !== `${room}/index.ts`) return false;
  if (!folder) return true;
  return [folder, ...FOLDERS[folder]].some((allowed) => lies(to, allowed));
}

/** Whether a file may import a package or a module of Node's. */
export function mayImportPackage(from: string, specifier: string): boolean {
  const restricted = Object.keys(PACKAGES).find((name) => lies(specifier, name));
  if (restricted) return PACKAGES[restricted].some((folder) => lies(from, folder));
  const forbidden = Object.keys(NODE_BUILTINS).find((folder) => lies(from, folder));
  return !forbidden || !NODE_BUILTINS[forbidden].test(specifier);
}
