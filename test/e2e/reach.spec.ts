import { mkdirSync } from 'node:fs';
import { readRecording } from '../../src/cli/recording-file.ts';
import { snapshotAt } from '../../src/core/recording/recording.ts';
import { encodeSnapshot } from '../../src/core/snapshot/decode.ts';
import { seriousViolations } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { Files } from './support/snapshots.ts';

const LABEL = ['--label', 'bulkhead.reach=1'];
const files = new Files();

/** Pictures for whoever looks at them, where that is asked for. */
const PICTURES = process.env.BULKHEAD_PICTURES ?? '';

test.afterAll(() => files.end());
test.afterEach(async ({ engine }) => {
  const ids = await engine.docker('ps', '-aq', '--filter', 'label=bulkhead.reach');
  if (ids !== '') await engine.docker('rm', '-f', ...ids.split('\n'));
  await engine.docker('network', 'rm', '-f', 'reach-front', 'reach-back');
});

test('reach: asked by keyboard, drawn on the wiring, told hop by hop, tried for real, and offline', async ({
  app,
  page,
  engine,
}) => {
  const { docker, image } = engine;
  const run = (name: string, ...args: string[]) => docker('run', '-d', ...LABEL, '--name', name, ...args);
  await docker('network', 'create', 'reach-front');
  await docker('network', 'create', 'reach-back');
  await run('asker', '--network=reach-front', image, '/bin/sleep', '1000');
  await run('db', '--network=reach-front', image, '/bin/httpd', '-f', '-p', '80');
  await run('inward', '-p', '18301:80', image, '/bin/httpd', '-f', '-p', '127.0.0.1:80');
  await run('other', '--network=reach-back', image, '/bin/httpd', '-f', '-p', '80');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.live();
  await expect(app.node('other')).toBeVisible();

  // By the key; what is typed wrong is told with what would be right.
  await app.graph.focus();
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Reach' });
  await expect(dialog.getByLabel('From')).toBeFocused();
  const offered = (label: string) =>
    dialog
      .getByLabel(label)
      .evaluate((field: HTMLInputElement) => [...(field.list?.options ?? [])].map((o) => o.value));
  expect(await offered('From')).toEqual(expect.arrayContaining(['outside', 'host', 'asker', 'db']));
  expect(await offered('To')).toContain(':18301');
  await page.keyboard.type('nobody');
  await page.keyboard.press('Tab');
  await page.keyboard.type('db:80');
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('alert')).toContainText('There is no container or process nobody to come from.');
  expect(await seriousViolations(page)).toEqual([]);
  await dialog.getByLabel('From').fill('asker');
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);

  const panel = page.getByRole('region', { name: 'Reach', exact: true });
  const picture = page.locator('.wiring-picture');
  const card = (name: string) => picture.getByRole('button', { name: new RegExp(`^${name}, `) });
  await expect(panel.locator('.verdict')).toHaveText('✓ Reachable');
  await expect(panel.getByRole('listitem')).toContainText([/^✓name db/, /route of asker/, /bridge/, /veth/, /httpd/]);
  await expect(card('asker')).toHaveAccessibleName(/on the way: hop 1/);
  await expect(card('db')).toHaveAccessibleName(/on the way: hop/);
  await expect(card('inward')).not.toHaveAccessibleName(/on the way/);
  await panel.getByRole('button', { name: 'Try' }).click();
  await expect(panel).toContainText('Connected. The facts and the attempt agree.');
  await panel.getByRole('button', { name: /^Copy the command that shows hop 2/ }).click();
  expect(await app.clipboard()).toMatch(/^nsenter -t \d+ -n ip route get /);
  await look('reachable');

  async function look(name: string): Promise<void> {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await seriousViolations(page)).toEqual([]);
      if (PICTURES === '') continue;
      mkdirSync(PICTURES, { recursive: true });
      await page.screenshot({ path: `${PICTURES}/reach-${name}-${colorScheme}.png` });
    }
  }

  // The classic: who listens on the loopback's address alone. From the card of the port's container.
  await app.select('inward');
  await app.details.getByRole('button', { name: 'Reach from outside :18301…' }).first().click();
  await expect(dialog.getByLabel('From')).toHaveValue('outside');
  await dialog.getByRole('button', { name: 'Show the way' }).click();
  await expect(panel.locator('.verdict')).toHaveText('✗ Not reachable');
  await expect(panel).toContainText('Let it listen on 0.0.0.0');
  await expect(panel.locator('.hops > .fails')).toHaveCount(1);
  await expect(card('inward')).toHaveAccessibleName(/it fails at hop \d/);
  await expect(picture.locator('svg')).toContainText(/✗ \d+ fails/);
  await expect(panel.getByRole('button', { name: 'Try' })).toBeDisabled();
  await expect(panel).toContainText('It begins outside of this machine');
  await look('fails');

  // The list of findings says it, too, by what is read for it.
  await app.details.focus();
  await page.keyboard.press('c');
  const findings = page.getByRole('dialog', { name: 'Findings' });
  await expect(findings.getByRole('listitem').filter({ hasText: 'port-loopback-only' })).toContainText(
    '18301/tcp is published, but the program listens on 127.0.0.1:80 only',
  );
  await page.keyboard.press('Escape');

  // A name that the two have no network for.
  await panel.getByRole('button', { name: 'Change…' }).click();
  await dialog.getByLabel('From').fill('asker');
  await dialog.getByLabel('To').fill('other:80');
  await page.keyboard.press('Enter');
  await expect(panel.locator('.verdict')).toHaveText('✗ Not reachable');
  await expect(panel).toContainText('no network in common');
  // The details, which lie over the views there, do not lie over the answer: neither when the window gets narrow, nor when
  // one asks anew with them open.
  await expect(app.details).toBeVisible();
  await page.setViewportSize({ width: 800, height: 600 });
  await expect(app.details).toHaveCount(0);
  await look('narrow');
  await panel.getByRole('button', { name: 'Change…' }).focus();
  await page.keyboard.press('i');
  await expect(app.details).toBeVisible();
  await page.keyboard.press('r');
  await dialog.getByLabel('From').fill('asker');
  await dialog.getByLabel('To').fill('db:80');
  await page.keyboard.press('Enter');
  await expect(panel.locator('.verdict')).toHaveText('✓ Reachable');
  await expect(app.details).toHaveCount(0);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.keyboard.press('i');
  await expect(app.details).toBeVisible();

  // Saved with details the same is told offline, only not tried; without, it says what is missing.
  const saved = await app.download(() => page.keyboard.press('Control+Shift+s'));
  const { details: _, ...bare } = snapshotAt(readRecording(saved.content), 0);
  await app.openFile(files.text(saved.name, saved.content));
  await app.graph.or(page.locator('.wiring')).first().focus();
  await page.keyboard.press('r');
  await dialog.getByLabel('From').fill('asker');
  await dialog.getByLabel('To').fill('db:80');
  await page.keyboard.press('Enter');
  await expect(panel.locator('.verdict')).toHaveText('✓ Reachable');
  await expect(panel.getByRole('button', { name: 'Try' })).toBeDisabled();
  await expect(panel).toContainText('A connection can be tried only while the picture is live.');
  await expect(card('db')).toHaveAccessibleName(/on the way: hop/);
  await app.openFile(files.text('bare.json', encodeSnapshot(bare)));
  await expect(panel).toHaveCount(0);
  await page.keyboard.press('r');
  await dialog.getByLabel('From').fill('asker');
  await dialog.getByLabel('To').fill('db:80');
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('alert')).toContainText('Save with Details');
  await panel.getByRole('button', { name: 'Close the answer' }).click();
  await expect(panel).toHaveCount(0);
});

test('two containers at once, by pointer and by keyboard: why they share, and the way between them', async ({
  app,
  page,
  engine,
}) => {
  const run = (name: string, ...args: string[]) =>
    engine.docker('run', '-d', ...LABEL, '--name', name, ...args, engine.image, '/bin/sleep', '1000');
  await run('one');
  await run('two', '--network=container:one');
  await run('far');
  await app.live();
  await expect(app.node('far')).toBeVisible();
  await app.node('two').click();
  await app.node('one').click({ modifiers: ['Shift'] });
  const { details } = app;
  await expect(details.getByRole('heading', { level: 2 })).toHaveText('two, one');
  await expect(details).toContainText('They have in common: Network');
  await expect(details.locator('.namespaces > li.k-net').first()).toContainText(
    'Both are in it. two joined it: --network=container:one. It was made for one.',
  );
  for (const name of ['one', 'two']) await expect(app.node(name)).toHaveClass(/selected/);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await seriousViolations(page)).toEqual([]);
  }
  // A third takes the place of the second; the key asks from the first to it.
  await app.node('far').click({ modifiers: ['Control'] });
  await expect(details.getByRole('heading', { level: 2 })).toHaveText('two, far');
  await expect(details.locator('.namespaces > li.k-net').first()).toContainText('They are in different ones.');
  await app.graph.focus();
  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Reach' });
  await expect(dialog.getByLabel('From')).toHaveValue('two');
  await expect(dialog.getByLabel('To')).toHaveValue('far:');
  await page.keyboard.press('Escape');
  await details.getByRole('button', { name: 'Reach from far two:…' }).click();
  await expect(dialog.getByLabel('From')).toHaveValue('far');
  await page.keyboard.press('Escape');
  // By keyboard alone.
  await app.select('far');
  await app.graph.focus();
  await page.keyboard.press('Home');
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('g');
    if ((await page.locator('.graph [data-active]').getAttribute('aria-label'))?.startsWith('one,') === true) break;
  }
  await page.keyboard.press('Shift+Enter');
  await expect(details.getByRole('heading', { level: 2 })).toHaveText('far, one');
});
