import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { EXPORT_FORMATS, type ExportView } from '../../src/core/export/formats.ts';
import { snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import { encodeSnapshot } from '../../src/core/snapshot/decode.ts';
import { collected, link, netDetail } from '../../src/core/snapshot/details.testing.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import { renderPng } from '../../src/inspector/render/png.ts';
import { contentOf, SNAPSHOTS } from '../support/exported.ts';
import { expect, test } from './support/fixtures.ts';
import { Files, manyContainers } from './support/snapshots.ts';

let files: Files;
test.beforeEach(() => {
  files = new Files();
});
test.afterEach(() => files.end());

test('a file says that it is one, and leads back to the live picture', async ({ app, engine }) => {
  await engine.docker('run', '-d', '--name', 'now', engine.image, 'sleep', '1000');
  await app.live();
  await expect(app.node('now')).toBeVisible();
  await app.openFile(files.snapshot('then.json', snapshotOf({ containers: [{ name: 'then' }] })));
  await expect(app.page.getByText('snapshot of')).toContainText('then.json');
  await expect(app.node('then')).toBeVisible();
  await expect(app.node('now')).toHaveCount(0);
  await expect(app.status).toContainText('File');
  await app.page.getByRole('button', { name: 'Back to live' }).click();
  await expect(app.node('now')).toBeVisible();
  await engine.docker('rm', '-f', 'now');
});

test('a file can be dropped, and a bad one changes nothing', async ({ app }) => {
  await app.live();
  await app.dropFile('good.json', encodeSnapshot(snapshotOf({ containers: [{ name: 'dropped' }] })));
  await expect(app.node('dropped')).toBeVisible();
  for (const [name, text, reason] of [
    ['notes.txt', 'hello', 'This is not JSON'],
    ['other.json', '{"format":"else"}', 'not a Bulkhead snapshot'],
    ['newer.json', '{"format":"bulkhead-snapshot","version":99}', 'Update Bulkhead'],
    ['damaged.json', '{"format":"bulkhead-snapshot","version":1}', 'damaged at'],
  ] as const) {
    await app.dropFile(name, text);
    const alert = app.page.getByRole('alert');
    await expect(alert).toContainText(`${name} cannot be opened`);
    await expect(alert).toContainText(reason);
    await expect(app.node('dropped')).toBeVisible();
    await app.page.getByRole('button', { name: 'Close this message' }).click();
  }
});

/** Containers, and links for the wiring. */
function withLinks(): Snapshot {
  const made = manyContainers(20);
  const net = made.namespaces.find(({ kind, initial }) => kind === 'net' && !initial)?.id ?? '';
  return { ...made, details: collected({ [net]: netDetail({ links: [link('eth0')] }) }) };
}

async function written(...args: string[]): Promise<Buffer> {
  const file = files.text(`out-${args.join('-').replace(/\W+/g, '-')}`, '');
  await promisify(execFile)(process.execPath, ['out/cli/bulkhead.js', 'export', ...args, '-o', file]);
  return readFileSync(file);
}

test('a saved snapshot is a file like a recording, and all of it is there again, on the command line too', async ({
  app,
}) => {
  const made = snapshotOf({ containers: [{ name: 'then' }] });
  const snapshot = { ...made, details: collected({ 'net:[4026531840]': netDetail() }) };
  await app.openFile(files.snapshot('then.json', snapshot));
  const saved = await app.download(() => app.page.keyboard.press('ControlOrMeta+s'));
  expect(saved.name).toMatch(/^bulkhead-snapshot-.*\.bulkhead$/);
  const path = files.text(saved.name, saved.content);
  await app.openFile(path);
  await expect(app.page.getByText('snapshot of')).toContainText(saved.name);
  await expect(app.page.locator('.time-line')).toHaveCount(0);
  const args = ['bin/bulkhead.mjs', 'export', '--format', 'json', path];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(JSON.parse(stdout)).toEqual(JSON.parse(encodeSnapshot(snapshot)));
});

test('every format of every view has the bytes that the command line writes', async ({ app }) => {
  test.setTimeout(240_000);
  await app.live();
  const { page } = app;
  const path = files.snapshot('share.json', withLinks());
  await app.openFile(path);
  await expect(app.node('pod0-0')).toBeVisible();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  // What is used is measured, and never twice the same.
  const cases = EXPORT_FORMATS.flatMap(({ id, views }) => {
    const all: readonly (ExportView | null)[] =
      views.length === 0 ? [null] : views.filter((view) => view !== 'resources');
    return all.map((view) => ({ id, view }));
  });
  expect(cases.length).toBeGreaterThan(25);
  for (const mask of [false, true]) {
    for (const { id, view } of mask ? cases.filter(({ id }) => ['svg', 'pdf', 'markdown'].includes(id)) : cases) {
      const other = written(
        path,
        '--format',
        id,
        ...(view === null ? [] : ['--view', view]),
        ...(mask ? ['--mask'] : []),
      );
      await page.keyboard.press('ControlOrMeta+e');
      await dialog.getByLabel('Format').selectOption(id);
      const choice = dialog.getByLabel('View');
      if (view !== null && (await choice.isEnabled())) await choice.selectOption(view);
      await dialog.getByLabel('Mask').setChecked(mask);
      const { content } = await app.download(() => dialog.getByRole('button', { name: 'Save' }).click());
      expect(content.equals(await other), `${id} of ${view}`).toBe(true);
    }
  }
});

for (const [name, snapshot] of SNAPSHOTS) {
  test(`${name}: the browser draws the SVG and the PNG`, async ({ page }) => {
    const [svg, png] = (['svg', 'png'] as const).map((format) => contentOf(snapshot, format, 'sharing'));
    if (svg?.type !== 'text' || png?.type !== 'png') throw new Error('no pictures');
    const drawn = await renderPng(png.svg, 1);
    const sizes: number[][] = [];
    for (const [type, path] of [
      ['image/svg+xml', files.text('picture.svg', svg.text)],
      ['image/png', files.text('picture.png', drawn.png)],
    ] as const) {
      const body = readFileSync(path);
      await page.route('http://picture.test/*', (route) => route.fulfill({ contentType: type, body }));
      await page.goto('http://picture.test/it');
      await page.unroute('http://picture.test/*');
      sizes.push(
        await page.evaluate(async () => {
          const svg = document.querySelector('svg');
          if (svg !== null) return [svg.width.baseVal.value, svg.height.baseVal.value].map(Math.round);
          const shown = document.querySelector('img');
          await shown?.decode();
          return [shown?.naturalWidth ?? 0, shown?.naturalHeight ?? 0];
        }),
      );
    }
    expect(sizes[0]?.[0]).toBeGreaterThan(800);
    expect(sizes[1]?.map((side, index) => Math.abs(side - (sizes[0]?.[index] ?? 0)) <= 1)).toEqual([true, true]);
  });
}

test('a picture is copied as a picture', async ({ app }) => {
  await app.live();
  await app.openFile(files.snapshot('share.json', manyContainers(4)));
  const { page } = app;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.keyboard.press('ControlOrMeta+e');
  const dialog = page.getByRole('dialog', { name: 'Export' });
  await dialog.getByLabel('Format').selectOption('svg');
  await dialog.getByLabel('Colours').selectOption('transparent');
  await dialog.getByRole('button', { name: 'Copy as picture' }).click();
  await expect(dialog.getByText('Copied')).toBeVisible();
  const copied = await page.evaluate(async () => {
    const [item] = await navigator.clipboard.read();
    const bytes = await item?.getType('image/png').then((blob) => blob.arrayBuffer());
    return { types: item?.types, head: [...new Uint8Array(bytes ?? new ArrayBuffer(0)).subarray(1, 4)] };
  });
  expect(copied).toEqual({ types: ['image/png'], head: [...Buffer.from('PNG')] });
});

test('a large file says how far it is, and one that is cancelled changes nothing', async ({ app }) => {
  await app.live();
  const small = snapshotOf({ containers: [{ name: 'big' }] });
  const init = small.processes.find(({ container }) => container !== null);
  if (init === undefined) throw new Error('no process to copy');
  const more = Array.from({ length: 60_000 }, (_, index) => {
    const pid = 20_000 + index;
    return { ...init, pid, startTime: 5_000 + index, ppid: init.pid, nsPids: [pid, 2 + index] };
  });
  const path = files.snapshot('large.json', { ...small, processes: [...small.processes, ...more] });
  await app.openFile(files.snapshot('before.json', snapshotOf({ containers: [{ name: 'before' }] })));
  const open = async (): Promise<void> => {
    const [chooser] = await Promise.all([
      app.page.waitForEvent('filechooser'),
      app.page.getByRole('button', { name: 'Open…' }).click(),
    ]);
    await chooser.setFiles(path);
  };
  await open();
  await expect(app.page.getByRole('progressbar')).toBeVisible();
  await app.page.locator('.banner', { hasText: 'large.json' }).getByRole('button', { name: 'Cancel' }).click();
  await expect(app.page.getByRole('progressbar')).toHaveCount(0);
  await expect(app.node('before')).toBeVisible();

  const values = app.page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const seen: number[] = [];
        const observer = new MutationObserver(() => {
          const bar = document.querySelector<HTMLProgressElement>('.banner progress');
          if (bar?.hasAttribute('value') && bar.value !== seen.at(-1)) seen.push(bar.value);
          if (!document.body.textContent?.includes('snapshot of') || bar !== null) return;
          if (!document.body.textContent.includes('large.json')) return;
          observer.disconnect();
          resolve(seen);
        });
        observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      }),
  );
  await open();
  await expect(app.node('big')).toBeVisible({ timeout: 30_000 });
  const seen = await values;
  expect(seen.length).toBeGreaterThan(3);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBeLessThanOrEqual(100);
});

test('the dialog shows what a file will hold, cuts it to the selection, masks it, and remembers the choice', async ({
  app,
}) => {
  await app.live();
  const named = { name: 'alone-and-secret', container: { image: 'registry.example.com/secret:1' } };
  await app.openFile(
    files.snapshot(
      'dialog.json',
      snapshotOf({ containers: [{ name: 'web' }, { name: 'side', namespaces: { net: 'web' } }, named] }),
    ),
  );
  await app.select('side');
  const { page } = app;
  const dialog = page.getByRole('dialog', { name: 'Export' });
  const save = () => app.download(() => dialog.getByRole('button', { name: 'Save' }).click());

  await page.keyboard.press('ControlOrMeta+e');
  await dialog.getByLabel('Format').selectOption('svg');
  await expect(dialog.getByAltText('What the file will show')).toBeVisible();
  await dialog.getByLabel('What is selected').check();
  const cut = await save();
  expect(cut.name).toBe('bulkhead-sharing-20260101-000000.svg');
  expect(cut.content.toString()).toContain('data-name="web"');
  expect(cut.content.toString()).not.toContain('secret');

  await page.keyboard.press('ControlOrMeta+e');
  await dialog.getByLabel('Format').selectOption('csv');
  const preview = dialog.getByRole('region', { name: 'What the file will hold' });
  await expect(preview).toContainText('alone-and-secret');
  await dialog.getByLabel('Mask').check();
  await expect(preview).toContainText('name-3');
  await expect(preview).not.toContainText('secret');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await dialog.getByRole('button', { name: 'Copy as text' }).click();
  await expect(dialog.getByText('Copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('name-3');
  await dialog.getByLabel('Format').selectOption('pdf');
  await dialog.getByLabel('View').selectOption('levels');
  const pdf = await save();
  expect(pdf.name).toBe('bulkhead-levels-20260101-000000.pdf');
  expect(pdf.content.subarray(0, 5).toString()).toBe('%PDF-');

  await page.keyboard.press('ControlOrMeta+e');
  await expect(dialog.getByLabel('Format')).toHaveValue('pdf');
  await expect(dialog.getByLabel('Mask')).toBeChecked();
  await expect(dialog.getByLabel('What is selected')).not.toBeChecked();
});

test('an export that a format cannot hold says what to do instead', async ({ app }) => {
  await app.live();
  await app.openFile(files.snapshot('large.json', manyContainers(1_200)));
  await expect(app.status).toContainText('1,200 containers');
  await expect(app.page.getByRole('button', { name: 'Export' })).toBeEnabled();
  await app.page.getByRole('button', { name: 'Export' }).click();
  await app.page.getByRole('menuitem', { name: /^Mermaid/ }).click();
  await expect(app.page.getByRole('alert')).toContainText('Mermaid');
});

test('a container of 5,000 processes is shown whole, and fast', async ({ app }) => {
  await app.live();
  const small = snapshotOf({ containers: [{ name: 'big' }] });
  const init = small.processes.find(({ container }) => container !== null);
  if (init === undefined) throw new Error('no process to copy');
  const children = Array.from({ length: 5_000 }, (_, index) => ({
    ...init,
    pid: 20_000 + index,
    startTime: 5_000 + index,
    ppid: init.pid,
    nsPids: [20_000 + index, 2 + index],
    comm: `child-${index}`,
    argv: [`child-${index}`],
  }));
  await app.openFile(files.snapshot('big.json', { ...small, processes: [...small.processes, ...children] }));
  await app.select('big');
  await expect(app.details).toContainText('5,001 processes');
  const tree = app.details.getByRole('region', { name: 'Processes of big' });
  expect(await tree.getByRole('row').count()).toBeLessThan(60);
  await tree.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(tree).toContainText('child-4999');
  expect(await tree.getByRole('row').count()).toBeLessThan(60);
});
