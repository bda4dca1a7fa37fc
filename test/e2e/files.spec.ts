import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { COMMANDS } from '../../src/api/commands.ts';
import { EXPORT_FORMATS } from '../../src/core/export/formats.ts';
import { snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import { encodeSnapshot } from '../../src/core/snapshot/decode.ts';
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
  await expect(app.page.getByText('a saved snapshot of')).toContainText('then.json');
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

test('every export has the bytes that the command line writes', async ({ app }) => {
  await app.live();
  const path = files.snapshot('share.json', manyContainers(20));
  await app.openFile(path);
  await expect(app.status).toContainText('20 containers');
  await expect(app.node('pod0-0')).toBeVisible();
  const quick = EXPORT_FORMATS.filter((format) => COMMANDS.some((command) => command.id === `export-${format.id}`));
  expect(quick.length).toBeGreaterThan(5);
  for (const { id, label, extension } of quick) {
    const { name, content } = await app.exportAs(label);
    expect(name).toMatch(new RegExp(`^bulkhead-(sharing|snapshot)-20260101-000000\\.${extension}$`));
    const written = files.text('out', '');
    execFileSync(process.execPath, ['out/cli/bulkhead.js', 'export', path, '--format', id, '-o', written], {
      stdio: 'pipe',
    });
    const other = readFileSync(written);
    expect(content.equals(other), `${id} is the same`).toBe(true);
  }
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
