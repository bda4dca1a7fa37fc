import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type ContainerSketch, snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import type { AppPage } from './support/app-page.ts';
import { expect, test } from './support/fixtures.ts';
import { Files } from './support/snapshots.ts';

let files: Files;
test.beforeEach(() => {
  files = new Files();
});
test.afterEach(() => files.end());

function at(takenAt: string, ...containers: ContainerSketch[]): Snapshot {
  const made = snapshotOf({ containers });
  const probe = { version: '0', via: 'direct' as const, durationMs: 1, cpuMs: 1, processes: 1, unreadable: 0 };
  return { ...made, takenAt, probe: { ...probe, vanished: 0, problems: [] }, host: { ...made.host, bootId: 'b' } };
}

const web = { name: 'web', container: { image: 'web:1' } };
const side = { name: 'side', namespaces: { net: 'web' } };
const then = () => files.snapshot('then.json', at('2026-01-01T00:00:00Z', web, side, { name: 'old' }));
const later = () =>
  files.snapshot(
    'later.json',
    at('2026-01-02T00:00:00Z', { ...web, container: { image: 'web:2' } }, side, {
      name: 'fresh',
      namespaces: { net: 'web' },
    }),
  );

async function compareWith(app: AppPage, path: string): Promise<void> {
  const chosen = app.page.waitForEvent('filechooser');
  await app.page.keyboard.press('d');
  await (await chosen).setFiles(path);
  await expect(app.page.getByRole('region', { name: 'Comparison' })).toBeVisible();
}

test('two files: what came, went and changed is drawn and listed, in whichever order they were opened', async ({
  app,
}) => {
  await app.live();
  const [first, second] = [then(), later()];
  for (const [opened, compared] of [
    [second, first],
    [first, second],
  ] as const) {
    await app.openFile(opened);
    await compareWith(app, compared);
    const bar = app.page.getByRole('region', { name: 'Comparison' });
    await expect(bar).toContainText('then.json');
    await expect(bar).toContainText(/then\.json.*→ later\.json/);
    for (const [name, change] of [
      ['old', 'removed'],
      ['fresh', 'added'],
      ['web', 'changed'],
    ] as const) {
      await expect(app.node(name)).toHaveAttribute('data-change', change);
    }
    await expect(app.node('side')).not.toHaveAttribute('data-change');
    await expect(app.status).toContainText('Comparison');
    await bar.getByRole('button', { name: 'End comparison' }).click();
    await expect(bar).toHaveCount(0);
    await expect(app.node('old')).toHaveCount(0);
    await expect(app.node('fresh')).toBeVisible();
  }
});

test('the list goes by the keyboard, leads to the card, and is saved whole; Escape ends it at last', async ({
  app,
}) => {
  await app.live();
  await app.openFile(later());
  await compareWith(app, then());
  const list = app.page.getByRole('complementary', { name: 'Differences' });
  await expect(list.getByRole('heading', { level: 3 })).toHaveText(['fresh', 'old', 'web']);
  await list.getByRole('button', { name: /^added: busybox/ }).focus();
  await app.page.keyboard.press('End');
  await expect(list.getByRole('button', { name: /^changed: image: web:1 → web:2/ })).toBeFocused();
  await app.page.keyboard.press('Enter');
  await expect(app.page.getByRole('complementary', { name: 'Details' })).toContainText('web:2');
  const saved = app.page.waitForEvent('download');
  await list.getByRole('button', { name: 'JSON' }).click();
  const { list: told } = JSON.parse(readFileSync(await (await saved).path(), 'utf8'));
  expect(told).toContainEqual(expect.objectContaining({ change: 'removed', what: 'container', container: 'old' }));
  const picture = await app.exportAs('SVG picture');
  expect(picture.name).toMatch(/^bulkhead-comparison-/);
  expect(picture.content.toString()).toMatch(/data-name="old" data-change="removed"/);
  const other = execFileSync(process.execPath, [
    ...['out/cli/bulkhead.js', 'export', later(), '--compare', then(), '--format', 'svg'],
  ]);
  expect(picture.content.equals(other)).toBe(true);
  await app.page.locator('.graph').focus();
  await app.page.keyboard.press('Escape');
  await expect(list).toBeVisible();
  await app.page.keyboard.press('Escape');
  await expect(list).toHaveCount(0);
});

test('the table says what became of each row, and has what is gone with what was known of it', async ({ app }) => {
  await app.live();
  await app.openFile(later());
  await compareWith(app, then());
  await app.show('Table');
  const row = (name: string) => app.table.locator(`tr[data-name="${name}"]`);
  for (const [name, change] of [
    ['old', '− removed'],
    ['fresh', '+ added'],
    ['web', '~ changed'],
  ] as const) {
    await expect(row(name).getByRole('rowheader')).toContainText(change);
  }
  await expect(row('side')).not.toHaveAttribute('data-change');
  const bar = app.page.getByRole('region', { name: 'Comparison' });
  await expect(bar).not.toContainText('only the later one');
  await app.page.getByRole('searchbox', { name: 'Filter rows' }).fill('removed');
  await expect(row('old')).toBeVisible();
  await expect(row('web')).toHaveCount(0);
  await app.show('Processes');
  await expect(bar).toContainText('only the later one');
});

test('a file is compared with what is live now, and goes on with it', async ({ app, engine }) => {
  await app.live();
  await app.openFile(then());
  await app.page.keyboard.press('Shift+D');
  await expect(app.page.getByRole('region', { name: 'Comparison' })).toContainText('→ now');
  await expect(app.node('old')).toHaveAttribute('data-change', 'removed');
  await engine.docker('run', '-d', '--name', 'compared', engine.image, 'sleep', '1000');
  await expect(app.node('compared')).toHaveAttribute('data-change', 'added');
  await engine.docker('rm', '-f', 'compared');
  await expect(app.node('compared')).toHaveCount(0);
});
