import { existsSync, readFileSync } from 'node:fs';
import { AppPage } from './support/app-page.ts';
import { seriousViolations } from './support/axe.ts';
import { AGREED, expect, startServe, test } from './support/fixtures.ts';

const nowhere = { DOCKER_HOST: 'unix:///nowhere/docker.sock' };

test('settings count at once, are kept for the next start, and an engine added by hand is found', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const served = await startServe(nowhere, true);
  try {
    const app = new AppPage(page);
    await app.open(served.url);
    await app.live();
    await page.keyboard.press('ControlOrMeta+,');
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    await expect(dialog).toBeVisible();
    expect(await seriousViolations(page)).toEqual([]);
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await dialog.getByRole('button', { name: 'Dark' }).click();
    await expect.poll(ground).toBe('rgb(15, 20, 25)');
    await dialog.getByRole('button', { name: 'Light' }).click();
    await expect.poll(ground).toBe('rgb(255, 255, 255)');
    await dialog.getByLabel('Scan a quiet machine every').selectOption('5');
    await dialog.getByLabel('Name').fill('far away');
    await dialog.getByLabel('Address').fill('tcp://127.0.0.1:9');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await expect(dialog.getByRole('alert')).toContainText('A name has letters');
    await dialog.getByLabel('Name').fill('far-away');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await expect(dialog.getByRole('button', { name: 'Remove far-away' })).toBeVisible();
    const file = await dialog.locator('code').last().innerText();
    await expect
      .poll(() => JSON.parse(readFileSync(file, 'utf8')))
      .toMatchObject({ theme: 'light', interval: 5, endpoints: [{ name: 'far-away', address: 'tcp://127.0.0.1:9' }] });
    await dialog.getByRole('button', { name: 'Done' }).click();
    await page.keyboard.press('e');
    await expect(page.getByRole('dialog', { name: 'Choose an engine' })).toContainText('far-away');
    await page.keyboard.press('Escape');
    await page.reload();
    await expect.poll(ground).toBe('rgb(255, 255, 255)');
    expect(app.errors).toEqual([]);
  } finally {
    await served.stop();
  }
});

test('what one window changes counts in every other at once, and in a dialog of settings that is open there', async ({
  page,
  context,
}) => {
  const served = await startServe(nowhere, true);
  try {
    const other = await context.newPage();
    const apps = [new AppPage(page), new AppPage(other)] as const;
    for (const app of apps) {
      await app.open(served.url);
      await app.live();
    }
    await other.keyboard.press('ControlOrMeta+,');
    await page.keyboard.press('ControlOrMeta+,');
    const dialog = page.getByRole('dialog', { name: 'Settings' });
    const pressed = (name: string) =>
      expect(other.getByRole('button', { name })).toHaveAttribute('aria-pressed', 'true');
    await dialog.getByRole('button', { name: 'Dark' }).click();
    await pressed('Dark');
    await expect
      .poll(() => other.evaluate(() => getComputedStyle(document.body).backgroundColor))
      .toBe('rgb(15, 20, 25)');
    await dialog.getByLabel('Scan a quiet machine every').selectOption('5');
    await expect(other.getByLabel('Scan a quiet machine every')).toHaveValue('5');
    await dialog.getByRole('button', { name: '简体中文' }).click();
    await expect(other.locator('html')).toHaveAttribute('lang', 'zh-CN');
    await expect(other.getByRole('dialog', { name: '设置' })).toBeVisible();
    await pressed('简体中文');
    // And back, from the other one.
    await other.getByRole('button', { name: 'English' }).click();
    await expect(dialog).toBeVisible();
    expect(apps.flatMap(({ errors }) => errors)).toEqual([]);
  } finally {
    await served.stop();
  }
});

test('a file of settings that cannot be understood is told of, and kept', async ({ page }) => {
  const served = await startServe(nowhere, true, AGREED, '{"theme": "dark",');
  try {
    const app = new AppPage(page);
    await app.open(served.url);
    // Nothing of it counts, so this is a first start.
    await page.getByRole('dialog', { name: 'Welcome to Bulkhead' }).getByRole('button', { name: 'Close' }).click();
    await expect(page.getByRole('alert')).toContainText(
      /settings\.json is not valid JSON .* kept as .*settings\.json\.bad/,
    );
    const kept = /kept as (\S+\.bad)/.exec(await page.getByRole('alert').innerText())?.[1] ?? '';
    await expect.poll(() => existsSync(kept) && readFileSync(kept, 'utf8')).toBe('{"theme": "dark",');
    expect(app.errors).toEqual([]);
  } finally {
    await served.stop();
  }
});

test('About tells the version and the hash of the probe; diagnostics are copied without names', async ({
  app,
  engine,
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await engine.docker('run', '-d', '--name', 'acme-payroll', engine.image, 'sleep', '1000');
  try {
    await expect(app.node('acme-payroll')).toBeVisible();
    await page.keyboard.press('ControlOrMeta+k');
    await page.keyboard.type('About Bulkhead');
    await page.keyboard.press('Enter');
    const about = page.getByRole('dialog', { name: 'About Bulkhead' });
    await expect(about).toContainText(/Probe for linux\/amd64\s*[0-9a-f]{64}/);
    await expect(about).toContainText('bulkhead.log');
    await about.getByText('Bulkhead', { exact: true }).last().click();
    await expect(about).toContainText('Permission is hereby granted');
    expect(await seriousViolations(page)).toEqual([]);
    await about.getByRole('button', { name: 'Copy diagnostics' }).click();
    await expect(page.getByText('Diagnostics copied.')).toBeAttached();
    const text = await app.clipboard();
    expect(text).toMatch(/^Bulkhead \d.*, web, /);
    expect(text).toContain('Session: live');
    expect(text).toMatch(/- \S+Z session\.live/);
    expect(text).not.toContain('acme');
    expect(text).not.toContain(engine.host);
  } finally {
    await engine.docker('rm', '-f', 'acme-payroll');
  }
});
