import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import { encodeSnapshot } from '../../src/core/snapshot/decode.ts';
import { AppPage } from './support/app-page.ts';
import { expect, startServe, test } from './support/fixtures.ts';

test('a lost engine greys the picture with its age, and comes back without a reload', async ({ app, engine }) => {
  await engine.docker('run', '-d', '--restart=always', '--name', 'keeper', engine.image, 'sleep', '1000');
  await app.live();
  await expect(app.node('keeper')).toBeVisible();
  await app.page.evaluate(() => {
    document.body.dataset.same = 'page';
  });
  const back = engine.restart();
  await expect(app.status).toContainText('Not live');
  await expect(app.page.getByText(/This picture is \d+ s old/)).toBeVisible();
  await expect(app.page.getByText(/Next try in \d+ s\./)).toBeVisible();
  await expect(app.node('keeper')).toBeVisible();
  // Pressed while the engine is away and when it is back, until the app is live again: by that or by itself.
  const tryNow = app.page.getByRole('button', { name: 'Try now' });
  await tryNow.click();
  await back;
  if (await tryNow.isVisible()) await tryNow.click({ timeout: 2_000 }).catch(() => {});
  await app.live();
  await expect(app.page.getByText(/This picture is \d+ s old/)).toHaveCount(0);
  await expect(app.node('keeper')).toBeVisible();
  expect(await app.page.evaluate(() => document.body.dataset.same)).toBe('page');
  await engine.docker('rm', '-f', 'keeper');
});

test('the choice of engine tells what can be used and why not', async ({ app, engine, page }) => {
  await app.live();
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog', { name: 'Choose an engine' });
  await expect(dialog.getByRole('button', { name: /docker uses this/ })).toContainText(engine.socket);
  await expect(dialog.getByRole('button', { name: /^This machine/ })).toBeVisible();

  const address = dialog.getByRole('textbox', { name: 'Another address or context' });
  await dialog.getByRole('button', { name: 'Connect' }).click();
  await expect(dialog.getByRole('alert')).toContainText('Write an address');
  await address.fill('gopher://nowhere');
  await address.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText(/gopher/);
  await address.fill('unix:///nowhere/docker.sock');
  await address.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText(/ENOENT|does not exist|Nothing listens/);
  // The picture below was not given up for it.
  await expect(app.status).toContainText(/^Live/);
  await address.fill(engine.host);
  await address.press('Enter');
  await expect(dialog).toBeHidden();
  await app.live();

  await page.keyboard.press('e');
  await dialog.getByRole('button', { name: /^This machine/ }).click();
  await expect(dialog).toBeHidden();
  await expect(app.details).toContainText('outside containers');
  await expect(app.details.getByRole('button', { name: 'Process 1', exact: true })).toBeVisible();
  // A choice is kept over a reload.
  await page.reload();
  await expect(app.details).toContainText('outside containers');
  await expect(page.getByRole('button', { name: /^Engine: This machine/ })).toBeVisible();
});

test('a typed address is kept too, and one that is gone is not waited for', async ({ app, engine, page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-e2e-'));
  const typed = join(folder, 'other.sock');
  symlinkSync(engine.socket, typed);
  await app.live();
  await page.keyboard.press('e');
  await page.getByRole('textbox', { name: 'Another address or context' }).fill(`unix://${typed}`);
  await page.keyboard.press('Enter');
  const chosen = page.getByRole('button', { name: `Engine: unix://${typed}. Choose another` });
  await expect(chosen).toBeVisible();
  await page.reload();
  await app.live();
  await expect(chosen).toBeVisible();
  rmSync(folder, { recursive: true });
  await page.reload();
  await app.live();
  await expect(chosen).toHaveCount(0);
});

test('the recording is labelled as one', async ({ app, page }) => {
  await app.live();
  await page.keyboard.press('e');
  await page.getByRole('button', { name: /^Recording/ }).click();
  await expect(page.getByText('A recording, not this computer.')).toBeVisible();
  await expect(app.status).toContainText('Recording');
  await expect(app.graph).toBeVisible();
});

test('without any engine this machine itself is shown', async ({ page }) => {
  const served = await startServe({ DOCKER_HOST: 'unix:///nowhere/docker.sock' }, true);
  try {
    const app = new AppPage(page);
    await app.open(served.url);
    await expect(page.getByText('No engine could be used, so this machine')).toBeVisible();
    await app.live();
    await expect(app.details.getByRole('button', { name: 'Process 1', exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Table' }).click();
    await expect(page.getByRole('table').filter({ hasText: /net:\[\d+\]/ })).toBeVisible();
    await page.getByRole('button', { name: 'Choose an engine', exact: true }).click();
    await expect(page.getByRole('dialog')).toContainText('/nowhere/docker.sock');
    await expect(page.getByRole('dialog')).toContainText('not usable');
    expect(app.errors).toEqual([]);
  } finally {
    await served.stop();
  }
});

test('a page of an earlier start says so, and one without its backend tries again', async ({ page }) => {
  const served = await startServe({ DOCKER_HOST: 'unix:///nowhere/docker.sock' }, true);
  const app = new AppPage(page);
  try {
    await page.goto(served.url.replace(/#.*/, '#token=wrong'));
    await expect(page.getByText('This page belongs to an earlier start')).toBeVisible();
    await page.goto('about:blank');
    await app.open(served.url);
    await app.live();
  } finally {
    await served.stop();
  }
  await expect(page.getByText('Bulkhead itself does not answer')).toBeVisible();
  await expect(app.status).toContainText('Not live');
  await expect(page.getByRole('button', { name: 'Try now' })).toBeVisible();
});

test('a fault of the page is told in a sentence, never by an empty window', async ({ page, served }) => {
  const app = new AppPage(page);
  await app.open(served.url);
  await app.live();
  await page.evaluate(() => {
    Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', {
      get() {
        throw new Error('planted fault');
      },
    });
  });
  await app.dropFile('any.json', encodeSnapshot(snapshotOf({ containers: [] })));
  await expect(page.getByRole('alert')).toContainText('Bulkhead cannot draw this page');
  await expect(page.getByRole('button', { name: 'Copy details' })).toBeVisible();
  await page.getByRole('button', { name: 'Reload' }).click();
  await app.live();
});
