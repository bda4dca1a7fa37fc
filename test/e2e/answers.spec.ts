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
  // `sleep` as init hears no SIGTERM: without this a restart waits for ten seconds.
  await run('joiner', '--network=container:boss', '--stop-timeout=1');
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

test('resources: who uses what, to the machine’s sum, and only while somebody looks', async ({ app, page, engine }) => {
  const run = (name: string, script: string, ...args: string[]) =>
    engine.docker('run', '-d', ...LABEL, '--name', name, ...args, engine.image, '/bin/sh', '-c', script);
  await run('busy', 'while :; do :; done', '--memory=64m', '--cpus=0.3');
  await run('shared', 'dd if=/dev/zero of=/dev/shm/x bs=1M count=40 2>/dev/null; exec sleep 1000');
  const asked: string[] = [];
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => asked.push(String(payload))));
  const shop = ['--label', 'com.docker.compose.project=shop'];
  await run('cart', 'dd if=/dev/zero of=/dev/shm/x bs=1M count=20 2>/dev/null; exec sleep 1000', ...shop);
  await run('till', 'dd if=/dev/zero of=/dev/shm/x bs=1M count=10 2>/dev/null; exec sleep 1000', ...shop);
  await page.reload();
  await app.live();
  await expect(app.node('busy')).toBeVisible();
  await app.show('Resources');
  const list = page.getByRole('treegrid', { name: /^Who uses what/ });
  const row = (name: string) =>
    list.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
  await expect(row('busy')).toContainText('64.0 MiB');
  await expect(
    row('shared')
      .getByText(/^4\d\.\d MiB$/)
      .first(),
  ).toBeVisible();
  // A project is the sum of its containers, which come and go by a click and by keys.
  const project = row('shop project');
  await expect(project.getByText(/^3\d\.\d MiB$/).first()).toBeVisible();
  await expect(project).toHaveAttribute('aria-expanded', 'true');
  await expect(row('cart')).toHaveAttribute('aria-level', '2');
  await project.click();
  await expect(project).toHaveAttribute('aria-expanded', 'false');
  await expect(row('cart')).toHaveCount(0);
  await list.focus();
  await page.keyboard.press('ArrowRight');
  await expect(row('cart')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(row('till')).toHaveCount(0);
  await page.keyboard.press('ArrowRight');
  await list.getByRole('button', { name: 'Name' }).click();
  await expect(list.getByRole('columnheader', { name: 'Name' })).toHaveAttribute('aria-sort', 'ascending');
  for (const size of [
    { width: 1280, height: 800 },
    { width: 800, height: 600 },
  ]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await seriousViolations(page)).toEqual([]);
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await row('busy').click();
  await expect(app.details.getByRole('heading', { level: 2 })).toHaveText('busy');
  await app.show('Graph');
  await expect(app.node('busy')).toBeVisible();
  const samples = () => asked.filter((text) => text.includes('usage.sample')).length;
  const before = samples();
  expect(before).toBeGreaterThan(1);
  // Whatever is asked after that is not asked for this view any more: the picture itself goes on.
  await engine.docker('rm', '-f', 'busy');
  await expect(app.node('busy')).toHaveCount(0);
  await expect(app.node('shared')).toBeVisible();
  expect(samples()).toBe(before);
});

test('use on the cards: bars by a key, with figures, remembered, and nothing is asked without them', async ({
  app,
  page,
  engine,
}) => {
  const run = (name: string, script: string) =>
    engine.docker('run', '-d', ...LABEL, '--name', name, engine.image, '/bin/sh', '-c', script);
  await run('busy', 'while :; do :; done');
  await run('quiet', 'exec sleep 1000');
  const asked: string[] = [];
  page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => asked.push(String(payload))));
  const samples = () => asked.filter((text) => text.includes('usage.sample')).length;
  await page.reload();
  await app.live();
  await expect(app.node('busy')).toBeVisible();
  const bars = (name: string) =>
    app
      .node(name)
      .evaluate((node) =>
        [...node.querySelectorAll('rect')]
          .map((bar) => ({ high: bar.getBoundingClientRect().height, wide: bar.getBoundingClientRect().width }))
          .filter(({ high }) => high > 0 && high < 6),
      );
  const title = (name: string) => app.node(name).locator('title').textContent();
  expect(await bars('busy')).toEqual([]);
  await app.graph.focus();
  await page.keyboard.press('u');
  await expect.poll(() => title('busy')).toMatch(/uses \d+ % CPU · [\d.]+ [KM]iB/);
  // Track and bar, of processors and of memory.
  await expect.poll(async () => (await bars('busy')).length).toBe(4);
  const [track, cpu] = await bars('busy');
  expect(cpu?.wide).toBeGreaterThan((track?.wide ?? 0) / 20);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await seriousViolations(page)).toEqual([]);
  }
  // It is how this user sees the picture from now on.
  await page.reload();
  await app.live();
  const legend = page.getByRole('button', { name: 'Use', exact: true });
  await expect(legend).toHaveAttribute('aria-pressed', 'true');
  await expect.poll(async () => (await bars('quiet')).length).toBeGreaterThan(2);
  await legend.click();
  await expect.poll(() => bars('busy')).toEqual([]);
  const before = samples();
  await engine.docker('rm', '-f', 'busy');
  await expect(app.node('busy')).toHaveCount(0);
  expect(samples()).toBe(before);
});
