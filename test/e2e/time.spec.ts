import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { seriousViolations } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { Files } from './support/snapshots.ts';

test('the last ten minutes can be gone back to, in every view, and saved', async ({ app, engine }) => {
  const { page } = app;
  const files = new Files();
  const line = page.getByRole('region', { name: 'Timeline' });
  const slider = page.getByRole('slider', { name: 'Moment that is shown' });
  const events = line.getByRole('button', { name: /^\d+ events?$/ });
  await engine.docker('run', '-d', '--name', 'stays', engine.image, 'sleep', '1000');
  await app.live();
  await expect(app.node('stays')).toBeVisible();
  await engine.docker('run', '-d', '--name', 'gone', '--net', 'container:stays', engine.image, 'sleep', '1000');
  // Its card may come before its processes, which share.
  await page.locator('.graph .link[data-kinds~="net"]:not(.broken)').first().waitFor({ state: 'attached' });
  await engine.docker('exec', 'stays', 'true');
  await engine.docker('rm', '-f', 'gone');
  await expect(app.node('gone')).toHaveCount(0);

  // Back to where it was, by its event.
  await events.click();
  const item = (text: string | RegExp) => page.getByRole('menuitem').filter({ hasText: text });
  await expect(item('exec in stays: true')).toHaveCount(1);
  await expect(item(/gone died/)).toHaveCount(1);
  await item('gone joined the net namespace of stays').click();
  await expect(app.node('gone')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(line).toContainText('Past:');
  await expect(app.status).toContainText(/^Past/);
  await expect(page).toHaveTitle(/past/);
  await expect(slider).toHaveAttribute('aria-valuetext', /The past, \d\d:\d\d:\d\d UTC, 2 containers, .*gone joined/);

  // The past is read in every view, and acted on in none.
  await app.select('gone');
  await expect(app.details.getByRole('button', { name: 'Stop' })).toHaveCount(0);
  await expect(app.details.getByRole('button', { name: /Shell/ })).toHaveCount(0);
  await app.show('Table');
  await expect(app.table).toContainText('gone');
  await app.show('Processes');
  await expect(page.locator('.views')).toContainText('gone');
  await app.show('Levels');
  await expect(page.locator('.views')).toContainText('gone');
  await app.show('Wiring');
  await expect(page.locator('.views')).toContainText('Links and ports are not recorded');
  await app.show('Resources');
  await expect(page.locator('.views')).toContainText('the past have none');
  await app.show('Graph');
  expect(await seriousViolations(page)).toEqual([]);

  // By keys, change by change, to the present.
  await slider.focus();
  await page.keyboard.press('Home');
  await expect(app.node('gone')).toHaveCount(0);
  // The start of the first one may be told after the first picture, and is then an event before.
  await expect(async () => {
    await page.keyboard.press('PageUp');
    await expect(slider).toHaveAttribute('aria-valuetext', /gone/, { timeout: 500 });
  }).toPass({ timeout: 10_000 });
  await page.keyboard.press('End');
  await expect(slider).toHaveAttribute('aria-valuetext', 'Live');
  await app.live();
  await expect(app.node('gone')).toHaveCount(0);
  await app.select('stays');
  await expect(app.details.getByRole('button', { name: /Shell/ }).first()).toBeVisible();

  // What is saved is a recording, for the command line and for the app.
  const saved = await app.download(() => line.getByRole('button', { name: 'Save' }).click());
  expect(saved.name).toMatch(/^bulkhead-\d{8}-\d{6}\.bulkhead$/);
  const path = files.text(saved.name, saved.content);
  const found = (at: string) =>
    execFileSync(process.execPath, ['out/cli/bulkhead.js', 'export', path, '--format', 'csv-containers', '--at', at], {
      encoding: 'utf8',
    });
  expect(found('0s')).not.toContain('gone');
  expect(found('0s')).toContain('stays');
  await app.openFile(path);
  await expect(page.getByText('recording until')).toContainText(saved.name);
  await events.click();
  await item('gone started').click();
  await expect(app.node('gone')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Back to live' }).click();
  await app.live();

  // One that was cut off while it was written is shown up to there.
  await app.dropFile('cut.bulkhead', readFileSync(path).subarray(0, -5));
  await expect(page.getByRole('alert')).toContainText('cut off');
  await expect(slider).toHaveAttribute('aria-valuetext', 'End');
  await page.getByRole('button', { name: 'Back to live' }).click();

  await app.live();
  await line.getByRole('button', { name: 'Hide the timeline' }).click();
  await expect(line).toHaveCount(0);
  files.end();
  await engine.docker('rm', '-f', 'stays');
});

test('what lived too short for a picture is an event that says so', async ({ app, engine }) => {
  await app.live();
  await engine.docker('run', '--rm', '--name', 'blink', engine.image, 'true');
  const events = app.page.getByRole('button', { name: /^\d+ events?$/ });
  await expect(events).not.toHaveAccessibleName('0 events');
  await events.click();
  const rows = app.page.getByRole('menuitem').filter({ hasText: 'blink' });
  await expect(rows.filter({ hasText: 'blink started' })).toHaveCount(1);
  await expect(rows.filter({ hasText: /blink died/ })).toHaveCount(1);
  await app.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.page.getByRole('menuitem', { name: 'Copy all' }).click();
  await expect.poll(() => app.clipboard()).toMatch(/^\d{4}-.*Z {2}blink started/m);
});

test('an OOM kill of the kernel is an event in words', async ({ app, engine }) => {
  await app.live();
  // Writing into a tmpfs of its own counts as its memory.
  const hog = [
    '/bin/sh',
    '-c',
    'while true; do /bin/busybox dd if=/dev/zero of=/dev/shm/x bs=1M count=64; sleep 1; done',
  ];
  const limits = ['--memory=12m', '--memory-swap=12m', '--shm-size=64m'];
  await engine.docker('run', '-d', '--name', 'hog', ...limits, engine.image, ...hog);
  const events = app.page.getByRole('button', { name: /^\d+ events?$/ });
  await expect(async () => {
    await events.click();
    const rows = app.page.getByRole('menuitem').filter({ hasText: 'hog ran out of memory' });
    const found = await rows.count();
    await app.page.keyboard.press('Escape');
    expect(found).toBeGreaterThan(0);
  }).toPass({ timeout: 30_000 });
  await engine.docker('rm', '-f', 'hog');
});
