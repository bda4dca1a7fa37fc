/**
 * The fences between the rooms, on resolved paths. `tsc -b` already refuses most of this by project references; these
 * rules also see packages, Node's own modules and type-only imports. test/fence proves that each rule can fail.
 */
const TESTS = '\\.test\\.tsx?$';
const npm = (names) => `node_modules/(@types/)?(${names})/`;
/** d3's modules that compute and touch no DOM. */
const PURE_D3 = 'd3-(array|color|dispatch|force|format|hierarchy|interpolate|path|polygon|quadtree|scale|shape|timer)';

/** From one room only to the listed rooms and packages. */
const room = (name, allowed, comment) => ({
  name: `${name}-imports`,
  severity: 'error',
  comment,
  from: { path: `^src/${name}/`, pathNot: TESTS },
  to: { pathNot: allowed },
});

/** A package that only the listed folders may import. */
const only = (name, packages, folders) => ({
  name: `${name}-only-in-its-room`,
  severity: 'error',
  comment: `${packages} may be imported in ${folders} only`,
  from: { path: '^src/', pathNot: [TESTS, ...folders] },
  to: { path: npm(packages) },
});

/** Folders of core, each with those of core that it may import: from what all use to what uses all. */
const CORE = {
  words: [],
  text: ['words'],
  snapshot: ['text', 'words'],
  parse: ['snapshot', 'text', 'words'],
  services: ['parse', 'snapshot', 'text', 'words'],
  enter: ['services', 'snapshot', 'text', 'words'],
  sharing: ['services', 'snapshot', 'text', 'words'],
  usage: ['parse', 'services', 'snapshot', 'text', 'words'],
  detail: ['parse', 'services', 'snapshot', 'text', 'usage', 'words'],
  diff: ['snapshot', 'text', 'words'],
  recording: ['diff', 'sharing', 'snapshot', 'text', 'words'],
  levels: ['snapshot', 'text', 'words'],
  processes: ['detail', 'levels', 'snapshot', 'text', 'words'],
  answer: ['detail', 'enter', 'services', 'sharing', 'snapshot', 'text', 'usage', 'words'],
  layout: ['answer', 'services', 'sharing', 'snapshot', 'text', 'words'],
  table: ['answer', 'layout', 'processes', 'snapshot', 'text', 'words'],
  wiring: ['answer', 'detail', 'layout', 'services', 'snapshot', 'text', 'words'],
  export: ['answer', 'levels', 'layout', 'sharing', 'snapshot', 'table', 'text', 'wiring', 'words'],
};

/** What a snapshot may hold that was read on request, and answers are made of: only the shapes. */
const SHAPES = '^src/core/(detail/detail|wiring/network-facts|wiring/reading)\\.ts$';

const coreFences = Object.entries(CORE).map(([folder, allowed]) => ({
  name: `core-${folder}-imports`,
  severity: 'error',
  comment: `within core, ${folder} may import ${allowed.join(', ') || 'nothing'}`,
  from: { path: `^src/core/${folder}/`, pathNot: TESTS },
  to: {
    path: '^src/core/',
    pathNot: [
      `^src/core/(${[folder, ...allowed].join('|')})/`,
      ...(/^(snapshot|answer)$/.test(folder) ? [SHAPES] : []),
    ],
  },
}));

/** A folder of core that is not listed would have no fence. */
const coreFolders = {
  name: 'core-folders',
  severity: 'error',
  comment: 'a new folder of core is listed with what it may import',
  from: { path: '^src/core/', pathNot: [TESTS, `^src/core/(${Object.keys(CORE).join('|')})/`] },
  to: { path: '^src/' },
};

/** Folders of the page, each with those of the page that it may import: from what all use to what uses all. */
const PAGE = {
  ui: [],
  state: [],
  transport: ['state'],
  page: ['state', 'transport'],
  workbench: ['ui', 'state', 'page'],
  commands: ['ui', 'state', 'page'],
  detail: ['ui', 'state', 'page', 'workbench'],
  graph: ['ui', 'state', 'page', 'commands'],
  resources: ['ui', 'state', 'page', 'workbench'],
  table: ['ui', 'state', 'page', 'commands', 'resources'],
  processes: ['ui', 'state', 'page', 'commands', 'detail', 'resources'],
  levels: ['ui', 'state', 'page', 'commands', 'detail'],
  reach: ['ui', 'state', 'page', 'detail', 'workbench'],
  wiring: ['ui', 'state', 'page', 'commands', 'detail', 'workbench', 'reach'],
  time: ['ui', 'state', 'page', 'commands'],
  panels: ['ui', 'state', 'page', 'commands', 'detail', 'workbench'],
  terminal: ['ui', 'state', 'page', 'commands', 'workbench'],
};

/** `app` puts the page together and may import all of it; nobody imports `app`. */
const pageFences = Object.entries(PAGE).map(([folder, allowed]) => ({
  name: `page-${folder}-imports`,
  severity: 'error',
  comment: `within the page, ${folder} may import ${allowed.join(', ') || 'nothing'}`,
  from: { path: `^src/renderer/${folder}/`, pathNot: TESTS },
  to: { path: '^src/renderer/', pathNot: `^src/renderer/(${[folder, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    room(
      'core',
      ['^src/core/', npm(`zod|intl-messageformat|@schummar/icu-type-parser|${PURE_D3}`)],
      'core is pure: itself, the libraries of schemas and messages, d3 without DOM',
    ),
    ...coreFences,
    coreFolders,
    ...pageFences,
    room('api', ['^src/(core|api)/', npm('zod')], 'api sees core and the schema library'),
    {
      name: 'inspector-imports',
      severity: 'error',
      comment: 'imports point down: the inspector knows no host and no page',
      from: { path: '^src/inspector/', pathNot: TESTS },
      to: { path: '^src/(main|preload|web|cli|renderer)/' },
    },
    {
      name: 'renderer-imports',
      severity: 'error',
      comment: 'the page sees core and api, nothing of Node and no host',
      from: { path: '^src/renderer/', pathNot: TESTS },
      to: { path: '^src/(inspector|main|preload|web|cli)/' },
    },
    {
      name: 'renderer-no-builtins',
      severity: 'error',
      comment: 'the page runs in a browser',
      from: { path: '^src/renderer/', pathNot: TESTS },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'preload-imports',
      severity: 'error',
      comment: 'the preload script exposes one port and needs nothing else of ours but its contract',
      from: { path: '^src/preload/', pathNot: TESTS },
      to: { path: '^src/(inspector|main|web|cli|renderer)/' },
    },
    {
      name: 'hosts-apart',
      severity: 'error',
      comment: 'hosts never import each other or the page; the cli may start the web host',
      from: { path: '^src/(main|web|cli)/', pathNot: TESTS },
      to: { path: '^src/(main|preload|web|cli|renderer)/', pathNot: ['^src/$1/', '^src/web/'] },
    },
    {
      name: 'main-not-web',
      severity: 'error',
      comment: 'the Electron host does not carry the web host',
      from: { path: '^src/main/', pathNot: TESTS },
      to: { path: '^src/web/' },
    },
    only('electron', 'electron', ['^src/main/', '^src/preload/']),
    only('dockerode', 'dockerode|docker-modem', ['^src/inspector/engine/']),
    only('ws', 'ws', ['^src/web/']),
    only('messages', 'intl-messageformat|@schummar/icu-type-parser', ['^src/core/words/']),
    {
      name: 'product-needs-no-tests',
      severity: 'error',
      comment: 'tests are not part of the product',
      from: { path: '^src/', pathNot: TESTS },
      to: { path: ['^test/', TESTS] },
    },
    { name: 'no-cycles', severity: 'error', comment: 'no cycles', from: { path: '^src/' }, to: { circular: true } },
    {
      name: 'resolvable',
      severity: 'error',
      comment: 'every import leads somewhere',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Without this, type-only imports go unseen.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.d.ts'],
    },
  },
};
