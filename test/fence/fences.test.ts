import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from '../../scripts/fences.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A small house with the real rules, in which violations can be planted without touching the real one. */
function plant(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-fence-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  copyFileSync(join(root, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'));
  for (const room of readdirSync(join(root, 'src'))) {
    mkdirSync(join(folder, 'src', room), { recursive: true });
    copyFileSync(join(root, 'src', room, 'tsconfig.json'), join(folder, 'src', room, 'tsconfig.json'));
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** Every module that a violation leads to must exist, or it would only be found as unresolvable. */
const ROOMS = {
  'src/core/value.ts': 'export const value = 1;\n',
  'src/api/contract.ts': "import { value } from '#core/value.ts';\nexport const contract = value;\n",
  'src/inspector/inspector.ts': "import { contract } from '#api/contract.ts';\nexport const inspector = contract;\n",
  'src/inspector/engine/client.ts': "import Docker from 'dockerode';\nexport const client = Docker;\n",
  'src/web/host.ts':
    "import { WebSocketServer } from 'ws';\nimport { inspector } from '#inspector/inspector.ts';\nexport const host = [WebSocketServer, inspector];\n",
  'src/cli/command.ts': "import { host } from '#web/host.ts';\nexport const command = host;\n",
  'src/main/app.ts':
    "import { app } from 'electron';\nimport { inspector } from '#inspector/inspector.ts';\nexport const main = [app, inspector];\n",
  'src/renderer/page.ts':
    "import { contract } from '#api/contract.ts';\nimport { value } from '#core/value.ts';\nexport const page = [contract, value];\n",
};

/** Within the page: a folder, and one that it must not know. */
const PAGE_PLANTED = [
  ['ui', 'state'],
  ['state', 'page'],
  ['transport', 'page'],
  ['page', 'commands'],
  ['workbench', 'panels'],
  ['commands', 'graph'],
  ['detail', 'panels'],
  ['graph', 'app'],
  ['table', 'graph'],
  ['processes', 'panels'],
  ['levels', 'graph'],
  ['wiring', 'app'],
  ['resources', 'graph'],
  ['time', 'graph'],
  ['panels', 'terminal'],
  ['terminal', 'panels'],
] as const;

/** Within core: a folder, and one that it must not know. */
const CORE_PLANTED = [
  ['text', 'snapshot'],
  ['snapshot', 'parse'],
  ['parse', 'services'],
  ['services', 'sharing'],
  ['enter', 'sharing'],
  ['sharing', 'detail'],
  ['usage', 'detail'],
  ['detail', 'answer'],
  ['diff', 'sharing'],
  ['recording', 'export'],
  ['processes', 'layout'],
  ['levels', 'layout'],
  ['layout', 'export'],
  ['table', 'wiring'],
  ['wiring', 'export'],
  ['export', 'recording'],
  ['answer', 'export'],
] as const;

const PLANTED: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['core-imports', 'src/core/a.ts', "import { contract } from '#api/contract.ts';\nexport const a = contract;\n"],
  ['core-imports', 'src/core/b.ts', "import { readFileSync } from 'node:fs';\nexport const b = readFileSync;\n"],
  ['core-imports', 'src/core/c.ts', "import type Docker from 'dockerode';\nexport type C = Docker;\n"],
  ['core-imports', 'src/core/d.ts', "import { select } from 'd3-selection';\nexport const d = select;\n"],
  [
    'api-imports',
    'src/api/a.ts',
    "import { inspector } from '#inspector/inspector.ts';\nexport const a = inspector;\n",
  ],
  ['inspector-imports', 'src/inspector/a.ts', "import { host } from '#web/host.ts';\nexport const a = host;\n"],
  [
    'renderer-imports',
    'src/renderer/a.ts',
    "import type { inspector } from '#inspector/inspector.ts';\nexport type A = typeof inspector;\n",
  ],
  ['renderer-imports', 'src/renderer/b.ts', "import { host } from '../web/host.ts';\nexport const b = host;\n"],
  ['renderer-no-builtins', 'src/renderer/c.ts', "import { join } from 'node:path';\nexport const c = join;\n"],
  [
    'preload-imports',
    'src/preload/a.ts',
    "import { inspector } from '#inspector/inspector.ts';\nexport const a = inspector;\n",
  ],
  ['hosts-apart', 'src/cli/a.ts', "import { main } from '../main/app.ts';\nexport const a = main;\n"],
  ['hosts-apart', 'src/web/a.ts', "import { page } from '#renderer/page.ts';\nexport const a = page;\n"],
  ['main-not-web', 'src/main/a.ts', "import { host } from '#web/host.ts';\nexport const a = host;\n"],
  ['electron-only-in-its-room', 'src/inspector/b.ts', "import { app } from 'electron';\nexport const b = app;\n"],
  [
    'dockerode-only-in-its-room',
    'src/inspector/session/a.ts',
    "import Docker from 'dockerode';\nexport const a = Docker;\n",
  ],
  ['ws-only-in-its-room', 'src/cli/b.ts', "import { WebSocket } from 'ws';\nexport const b = WebSocket;\n"],
  ['product-needs-no-tests', 'src/web/b.ts', "import { fake } from './fake.test.ts';\nexport const b = fake;\n"],
  ...CORE_PLANTED.map(
    ([folder, other]) =>
      [
        `core-${folder}-imports`,
        `src/core/${folder}/planted.ts`,
        `import { part } from '../${other}/part.ts';\nexport const planted = part;\n`,
      ] as const,
  ),
  ['core-folders', 'src/core/unlisted/a.ts', "import { value } from '../value.ts';\nexport const a = value;\n"],
  ...PAGE_PLANTED.map(
    ([folder, other]) =>
      [
        `page-${folder}-imports`,
        `src/renderer/${folder}/planted.ts`,
        `import { part } from '../${other}/part.ts';\nexport const planted = part;\n`,
      ] as const,
  ),
  ['no-cycles', 'src/core/e.ts', "import { f } from './f.ts';\nexport const e = (): unknown => f;\n"],
  ['resolvable', 'src/cli/c.ts', "import { gone } from '#core/gone.ts';\nexport const c = gone;\n"],
];

describe('fences between the rooms', () => {
  let clean: string;
  let broken: string;
  let found: { modules: number; violations: { rule: string; from: string; to: string }[] };

  beforeAll(async () => {
    clean = plant(ROOMS);
    broken = plant({
      ...ROOMS,
      ...Object.fromEntries(
        PAGE_PLANTED.map(([, other]) => [`src/renderer/${other}/part.ts`, 'export const part = 1;\n']),
      ),
      ...Object.fromEntries(CORE_PLANTED.map(([, other]) => [`src/core/${other}/part.ts`, 'export const part = 1;\n'])),
      'src/web/fake.test.ts': 'export const fake = 1;\n',
      'src/core/f.ts': "import { e } from './e.ts';\nexport const f = (): unknown => e;\n",
      ...Object.fromEntries(PLANTED.map(([, path, text]) => [path, text])),
    });
    found = await findViolations(broken);
  }, 60_000);

  afterAll(() => {
    for (const folder of [clean, broken]) rmSync(folder, { recursive: true, force: true });
  });

  it.each(PLANTED)('%s: refuses %s', (rule, path) => {
    expect(found.violations.filter(({ from }) => from === path).map((violation) => violation.rule)).toContain(rule);
  });

  it('lets every allowed import pass', async () => {
    const result = await findViolations(clean);
    expect(result).toEqual({ modules: Object.keys(ROOMS).length, violations: [] });
  });

  it.each([
    ['core', 'document.title'],
    ['core', 'process.pid'],
    ['core', 'setTimeout(() => {}, 1)'],
    ['api', 'document.title'],
    ['renderer', 'process.pid'],
    ['inspector', 'document.title'],
  ])(
    'the compiler refuses in %s: %s',
    (room, expression) => {
      const folder = plant({ [`src/${room}/planted.ts`]: `export const planted = ${expression};\n` });
      try {
        const run = () =>
          execFileSync(
            process.execPath,
            [
              join(root, 'node_modules/typescript/bin/tsc'),
              '-p',
              join(folder, 'src', room),
              '--composite',
              'false',
              '--emitDeclarationOnly',
              'false',
              '--noEmit',
            ],
            { encoding: 'utf8', stdio: 'pipe' },
          );
        expect(run).toThrow(/Command failed/);
        writeFileSync(join(folder, `src/${room}/planted.ts`), 'export const planted = 1;\n');
        expect(run()).toBe('');
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    60_000,
  );
});
