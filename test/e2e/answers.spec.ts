import { symlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seriousViolations } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';

const LABEL = ['--label', 'bulkhead.answers=1'];

test.afterEach(async ({ engine }) => {
  const ids = await engine.docker('ps', '-aq', '--filter', 'label=bulkhead.answers');
  if (ids !== '') await engine.docker('rm', '-f', ...ids.split('\n'));
});

test('a restarted owner raises its flag, and the cure beside it mends it', async ({ app, page, engine }) => {
  const run = (name: string, ...args: string[]) =>
    engine.docker('run', '-d', ...LABEL, '--name', name, ...args, engine.image, '/bin/sleep', '1000');
  await run('boss');
  await run('joiner', '--network=container:boss');
  await app.live();
  await expect(app.lines('net')).toHaveCount(1);
  await engine.docker('restart', '-t', '0', 'boss');
  await expect(app.brokenLines()).toHaveCount(1);
  await app.graph.focus();
  await page.keyboard.press('c');
  const dialog = page.getByRole('dialog', { name: 'Findings' });
  const finding = dialog.getByRole('listitem').filter({ hasText: 'share-broken' });
  await expect(finding).toContainText('docker restart joiner');
  expect(await seriousViolations(page)).toEqual([]);
  await finding.getByRole('button', { name: 'Restart joiner…' }).click();
  await page
    .getByRole('dialog', { name: 'Restart joiner?' })
    .getByRole('button', { name: 'Restart', exact: true })
    .click();
  // The engine waits 10 s for a program that does not heed SIGTERM.
  await expect(finding).toHaveCount(0, { timeout: 40_000 });
  await page.keyboard.press('Escape');
  await expect(app.brokenLines()).toHaveCount(0);
  await expect(app.lines('net')).toHaveCount(1);
});

test('isolation is told of each container, and the kernel is asked for what a scan does not tell', async ({
  app,
  page,
  engine,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'bulkhead-answers-'));
  try {
    symlinkSync(engine.socket, join(folder, 'innocent'));
    const args = ['--cap-add=SYS_MODULE', '-v', `${join(folder, 'innocent')}:/innocent`];
    await engine.docker('run', '-d', ...LABEL, '--name', 'wild', ...args, engine.image, '/bin/sleep', '1000');
    await engine.docker('run', '-d', ...LABEL, '--name', 'calm', engine.image, '/bin/sleep', '1000');
    await app.live();
    await expect(app.node('calm')).toBeVisible();
    await app.details.getByRole('button', { name: 'Isolation, ranked…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Isolation' });
    await expect(dialog.getByRole('row').nth(1)).toContainText(/danger.*wild.*CAP_SYS_MODULE/);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await seriousViolations(page)).toEqual([]);
    }
    await dialog.getByRole('button', { name: 'wild' }).click();
    await expect(app.details.getByRole('heading', { level: 2 })).toHaveText('wild');
    await expect(app.details.locator('.finding.danger')).toHaveCount(1);
    await app.details.getByRole('button', { name: 'Ask the kernel for the rest' }).click();
    await expect(app.details.locator('.finding.danger').filter({ hasText: 'Engine socket inside' })).toContainText(
      '/innocent',
    );
    expect(await seriousViolations(page)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
