import { snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import type { Process } from '../../src/core/snapshot/snapshot.ts';
import { nested } from '../support/made-nested.ts';
import { madeNetworks } from '../support/made-networks.ts';
import { seriousViolations } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { Files, manyContainers } from './support/snapshots.ts';

const files = new Files();
test.afterAll(() => files.end());

const LABEL = ['--label', 'bulkhead.views=1'];

test.afterEach(async ({ engine }) => {
  const ids = await engine.docker('ps', '-aq', '--filter', 'label=bulkhead.views');
  if (ids !== '') await engine.docker('rm', '-f', ...ids.split('\n'));
});

test('every process of the machine is in a list, which finds, sorts and leads to the card', async ({ app, page }) => {
  const small = manyContainers(40);
  const first = small.processes.at(-1) as Process;
  const more = Array.from({ length: 20_000 }, (_, index) => ({
    ...first,
    pid: 100_000 + index,
    ppid: first.pid,
    comm: `worker${index}`,
    argv: [`/bin/worker${index}`],
  }));
  await app.live();
  await app.openFile(files.snapshot('many.json', { ...small, processes: [...small.processes, ...more] }));
  await app.show('Processes');
  const list = page.getByRole('treegrid');
  const count = page.getByRole('region', { name: 'Processes', exact: true }).getByRole('status');
  await expect(count).toHaveText(/^20,0\d\d processes$/);
  // What is in sight is drawn, not 20,000 rows.
  expect(await list.getByRole('row').count()).toBeLessThan(100);
  await page.getByRole('searchbox', { name: 'Filter processes' }).fill('worker19999');
  await expect(count).toHaveText(/^1 of /);
  await expect(list).toContainText('/bin/worker19999');
  await list.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(app.details.getByRole('button', { name: 'Process 119999' })).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Shift+Enter');
  await expect(app.graph).toBeVisible();
});

test('levels tell what is inside what, and every number of a process', async ({ app, page }) => {
  await app.live();
  await app.openFile(files.snapshot('nested.json', nested()));
  await app.show('Levels');
  const machine = page.getByRole('region', { name: /^user namespace user:\[4026531837\]/ });
  const inmost = machine
    .getByRole('region', { name: /^pid namespace/ })
    .getByRole('region', { name: 'pid namespace pid:[900001]' });
  await expect(inmost.first()).toContainText('2000 → 30 → 1');
  const rootless = machine.getByRole('region', { name: 'user namespace user:[900002]' });
  await expect(rootless).toContainText('created by uid 1000; its map was not read');
  await inmost
    .first()
    .getByRole('button', { name: /2000 → 30 → 1/ })
    .click();
  await expect(app.details.getByRole('heading', { level: 2 })).toHaveText('dind');
});

test('new views hinder nobody, in both themes, and at 800 × 600', async ({ app, page }) => {
  await app.live();
  await app.openFile(files.snapshot('nested.json', nested()));
  const found: string[] = [];
  for (const size of [
    { width: 1280, height: 800 },
    { width: 800, height: 600 },
  ]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const view of ['Processes', 'Levels', 'Table'] as const) {
        await app.show(view);
        found.push(...(await seriousViolations(page)).map((line) => `${view} ${size.width} ${colorScheme}: ${line}`));
      }
      await page.keyboard.press('Control+k');
      found.push(...(await seriousViolations(page)).map((line) => `palette ${size.width} ${colorScheme}: ${line}`));
      await page.keyboard.press('Escape');
    }
  }
  expect(found).toEqual([]);
});

test('the palette finds commands, containers, namespaces and processes', async ({ app, page }) => {
  await app.live();
  await app.openFile(files.snapshot('many.json', manyContainers(8)));
  await expect(app.node('pod0-0')).toBeVisible();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: /^Command/ });
  await expect(field).toBeFocused();
  await field.fill('pod1-2');
  await page.keyboard.press('Enter');
  await expect(app.details.getByRole('heading', { level: 2 })).toHaveText('pod1-2');
  await page.keyboard.press('Control+k');
  await field.fill('table');
  await page.getByRole('option', { name: /^command Table$/ }).click();
  await expect(app.table).toBeVisible();
});

test('keys go from part to part, along the namespaces of a container, and back', async ({ app, page }) => {
  await app.live();
  await app.openFile(files.snapshot('many.json', manyContainers(8)));
  await expect(app.node('pod0-0')).toBeVisible();
  await app.select('pod0-1');
  await app.graph.focus();
  await page.keyboard.press('F6');
  await expect(app.details.locator(':focus')).toHaveCount(1);
  await page.keyboard.press('Shift+F6');
  await expect(app.graph).toBeFocused();
  const heading = app.details.getByRole('heading', { level: 2 });
  await page.keyboard.press(']');
  await expect(heading).toContainText('Mount namespace');
  await page.keyboard.press(']');
  await expect(heading).toContainText('PID namespace');
  await page.keyboard.press('[');
  await expect(heading).toContainText('Mount namespace');
  await page.keyboard.press('Backspace');
  await expect(heading).toHaveText('pod0-1');
});

test('columns of the table are chosen, sorted and remembered', async ({ app, engine, page }) => {
  await engine.docker('run', '-d', '--name', 'zeta', ...LABEL, '-v', '/tmp:/mnt:ro', engine.image, 'sleep', '1000');
  await engine.docker('run', '-d', '--name', 'alpha', ...LABEL, engine.image, 'sleep', '2000');
  await app.live();
  await app.show('Table');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Mounts' }).check();
  await page.keyboard.press('Escape');
  await expect(app.table).toContainText('/tmp→/mnt (ro)');
  await app.table.getByRole('button', { name: 'Mounts' }).click();
  // Who has something to say comes first.
  await expect(app.table.getByRole('rowheader').first()).toHaveText('zeta');
  await page.reload();
  await expect(app.table).toContainText('/tmp→/mnt (ro)');
});

test('what processes and containers use stands beside them, sorts them, and is not offered of a saved snapshot', async ({
  app,
  engine,
  page,
}) => {
  await engine.docker('run', '-d', '--name', 'views-busy', ...LABEL, engine.image, 'sh', '-c', 'while :; do :; done');
  await engine.docker('run', '-d', '--name', 'views-idle', ...LABEL, engine.image, 'sleep', '1000');
  await app.live();
  await app.show('Processes');
  const list = page.getByRole('treegrid');
  await page.getByRole('button', { name: 'List', exact: true }).click();
  await page.getByRole('searchbox', { name: 'Filter processes' }).fill('views-');
  await list.getByRole('button', { name: 'CPU %' }).click();
  await expect(list.getByRole('row', { name: /views-busy/ }).locator('.c-cpu')).toHaveText(/^\d+(\.\d)?$/);
  await expect(list.getByRole('row').nth(1)).toContainText('views-busy');
  await expect(list.getByRole('row', { name: /views-idle/ }).locator('.c-memory')).toHaveText(/^\d.* [KM]iB$/);

  await app.show('Table');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'CPU %' }).check();
  await page.getByRole('checkbox', { name: 'Memory' }).check();
  await page.keyboard.press('Escape');
  await app.table.getByRole('button', { name: 'CPU %' }).click();
  await expect(app.table.locator('tbody tr').first()).toHaveText(/^views-busy.*\d.*[KM]iB$/);

  await app.openFile(files.snapshot('saved.json', manyContainers(8)));
  await expect(app.table.getByRole('button', { name: 'CPU %' })).toHaveCount(0);
  await app.show('Processes');
  await expect(list.getByRole('button', { name: 'CPU %' })).toHaveCount(0);
});

test('environment values are hidden until asked for, and who loses what is told by name', async ({
  app,
  engine,
  page,
}) => {
  // sleep as the first process takes no SIGTERM: it is killed, and not after ten seconds.
  const quick = '--stop-timeout=1';
  const secret = [...LABEL, '-e', 'TOKEN=s3cret'];
  await engine.docker('run', '-d', '--name', 'web1', quick, ...secret, engine.image, 'sleep', '1000');
  await engine.docker(
    'run',
    '-d',
    '--name',
    'web2',
    ...LABEL,
    '--network=container:web1',
    engine.image,
    'sleep',
    '1000',
  );
  await app.live();
  await app.select('web1');
  await app.details.getByText('Environment', { exact: true }).click();
  await expect(app.details).toContainText('TOKEN');
  await expect(app.details).not.toContainText('s3cret');
  await app.details.getByRole('button', { name: 'Show values' }).click();
  await expect(app.details).toContainText('s3cret');

  await app.details.getByRole('button', { name: 'Actions on web1' }).click();
  await page.getByRole('menuitem', { name: 'Restart…' }).click();
  await expect(page.getByRole('dialog')).toContainText('web2 loses its network.');
  await page.getByRole('dialog').getByRole('button', { name: 'Restart', exact: true }).click();

  // The mark of what is broken now leads to what mends it.
  // The engine waits 10 s for an init that does not listen to SIGTERM.
  await expect(page.getByRole('dialog')).toBeHidden({ timeout: 30_000 });
  await expect(app.brokenLines()).toHaveCount(1);
  await app.brokenLines().first().click({ force: true });
  await expect(app.details.getByRole('heading', { level: 2 })).toHaveText('web2: net is not shared');
  await app.details.getByRole('button', { name: 'Restart web2…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restart', exact: true }).click();
  // The dialog, which has a heading too, goes with the page that asked.
  await expect(app.details.getByRole('heading', { level: 2 }).first()).toHaveText('Mended', { timeout: 30_000 });
});

test('what a clear of the filter took away comes back', async ({ app, page }) => {
  await app.live();
  await app.openFile(files.snapshot('many.json', manyContainers(8)));
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('textbox', { name: 'Containers' }).fill('name:pod0*');
  await expect(app.status).toContainText('4 of 8 containers shown');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(app.status).toContainText('8 containers');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(app.status).toContainText('4 of 8 containers shown');
});

test('a message over the picture moves nothing', async ({ app, page }) => {
  await app.live();
  await app.openFile(files.snapshot('many.json', manyContainers(8)));
  await expect(app.node('pod0-0')).toBeVisible();
  const before = await app.graph.boundingBox();
  await app.dropFile('broken.json', '{');
  await expect(page.getByRole('alert')).toBeVisible();
  expect(await app.graph.boundingBox()).toEqual(before);
});

test('thirty networks are seen folded, each unfolds by mouse and by keyboard, and no line leaves its network', async ({
  app,
  page,
}) => {
  await app.live();
  await app.openFile(files.snapshot('networks.json', madeNetworks(30, 200)));
  await app.show('Wiring');
  const network = page.getByRole('button', { name: 'Members of shop_front' });
  await expect(network).toHaveAttribute('aria-expanded', 'false');
  await expect(page.getByRole('button', { name: /^Members of / })).toHaveCount(30);
  await expect(page.locator('.wiring-box')).toHaveCount(1);
  await network.click();
  await expect(network).toHaveAttribute('aria-expanded', 'true');
  await expect(page.locator('.wiring-box').nth(20)).toBeAttached();
  await network.press('Enter');
  await expect(page.locator('.wiring-box')).toHaveCount(1);
  expect(await seriousViolations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Unfold all networks' }).click();
  await expect(page.locator('.wiring-box').nth(190)).toBeAttached();
  await page.getByRole('button', { name: 'Fold all networks' }).click();
  await expect(page.locator('.wiring-box')).toHaveCount(1);
});

test('a filter is offered where it filters, and the selection is marked in the wiring too', async ({ app, page }) => {
  await app.live();
  await app.openFile(files.snapshot('few.json', madeNetworks(4, 14)));
  const filter = page.getByRole('button', { name: /^Filter/ });
  await filter.click();
  await page.getByRole('textbox', { name: 'Containers' }).fill('name:shop-api-1');
  await page.keyboard.press('Escape');
  await expect(app.status).toContainText('1 of 14 containers shown');
  await app.select('shop-api-1');
  for (const view of ['Processes', 'Levels', 'Wiring', 'Resources'] as const) {
    await app.show(view);
    await expect(filter).toHaveCount(0);
    await expect(app.status).toContainText(/14 containers/);
    await expect(app.status).not.toContainText('shown');
  }
  await app.show('Wiring');
  await expect(page.locator('.wiring-box.selected').first()).toHaveAccessibleName(/^shop-api-1/);
  await app.show('Table');
  await expect(filter).toHaveCount(1);
});

test('a view that has nothing to show says so in its middle', async ({ app, page }) => {
  await app.live();
  await app.openFile(files.snapshot('many.json', manyContainers(8)));
  for (const [view, title] of [
    ['Wiring', 'No wiring'],
    ['Resources', 'Resources are measured live'],
  ] as const) {
    await app.show(view);
    const stage = await page.locator('.views').boundingBox();
    const words = await page.getByRole('heading', { name: title }).boundingBox();
    if (stage === null || words === null) throw new Error(`${view} is not seen`);
    expect(Math.abs(stage.x + stage.width / 2 - (words.x + words.width / 2))).toBeLessThan(20);
  }
});

test('of a process the command can be read at any width, live too', async ({ app, page }) => {
  await app.live();
  await app.show('Processes');
  await expect(page.getByRole('button', { name: 'CPU %' })).toBeVisible();
  await page.keyboard.press('i');
  for (const width of [1440, 1165, 1100, 1015, 860, 830, 750, 640]) {
    await page.setViewportSize({ width, height: 600 });
    const room = () => page.locator('.processes thead .c-command').evaluate((head) => head.clientWidth);
    await expect.poll(room, { message: `at ${width}` }).toBeGreaterThan(200);
  }
});

test('the wiring and the levels are one stop of the Tab key each, in which arrows go to the nearest', async ({
  app,
  page,
}) => {
  await app.live();
  await app.openFile(files.snapshot('few.json', madeNetworks(4, 14)));
  const stops = (box: string, buttons: string) =>
    page
      .locator(box)
      .evaluate(
        (element, each) =>
          [...element.querySelectorAll<HTMLElement>(each)].filter(({ tabIndex }) => tabIndex === 0).length,
        buttons,
      );
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);
  await app.show('Wiring');
  await expect(page.locator('.wiring-box').nth(5)).toBeAttached();
  expect(await stops('.wiring-picture', 'button')).toBe(1);
  const front = page.getByRole('button', { name: 'Members of billing_front' });
  await front.focus();
  expect(await stops('.wiring-picture', 'button')).toBe(1);
  await page.keyboard.press('ArrowDown');
  expect(await focused()).toMatch(/^blog-api-1, /);
  await page.keyboard.press('ArrowRight');
  expect(await focused()).toMatch(/^shop-api-1, /);
  await page.keyboard.press('Enter');
  await expect(app.details.getByRole('heading', { level: 2 })).toContainText('Network namespace');
  await page.keyboard.press('End');
  expect(await focused()).toMatch(/^shop-/);

  await app.openFile(files.snapshot('nested.json', nested()));
  await app.show('Levels');
  expect(await stops('.levels', 'button, summary')).toBe(1);
  await page.locator('.level-name').first().focus();
  for (const [key, what] of [
    ['ArrowDown', 'user:[900002]'],
    ['ArrowRight', 'The machine: its processes'],
    ['ArrowDown', 'dind'],
    ['ArrowDown', '1000 → 1'],
    ['ArrowDown', 'redis, inside dind'],
    ['ArrowDown', '2000 → 30 → 1'],
  ] as const) {
    await page.keyboard.press(key);
    expect(await focused()).toContain(what);
  }
  await page.keyboard.press('ArrowUp');
  expect(await focused()).toContain('redis, inside dind');
  expect(await seriousViolations(page)).toEqual([]);
});

test('of a saved moment without containers nothing is said of starting one', async ({ app, page }) => {
  await app.live();
  await expect(page.getByText('Start one, and it appears here')).toBeVisible();
  await app.openFile(files.snapshot('nobody.json', snapshotOf({ containers: [] })));
  await expect(page.getByText('There were no containers.')).toBeVisible();
  await expect(page.getByText('Start one')).toHaveCount(0);
});

test('a field that there is not is an error', async ({ app }) => {
  await app.live();
  await app.openFile(files.snapshot('many.json', manyContainers(8)));
  await app.search.fill('volume:x');
  await expect(app.search).toHaveAccessibleDescription(/"volume" is not a filter field/);
  // All of the sentence can be read, and all of what was typed.
  const cut = await app.page
    .locator('.search')
    .evaluate((box) =>
      [...box.querySelectorAll<HTMLElement>('[role="status"], input')].map(
        ({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
          scrollWidth > clientWidth || scrollHeight > clientHeight + 1,
      ),
    );
  expect(cut).toEqual([false, false]);
  await app.search.fill('pod0-1');
  await expect(app.page.getByText('1 found')).toBeVisible();
  expect(await app.search.evaluate((input) => input.scrollWidth - input.clientWidth)).toBe(0);
});

test('every part of the panel says what it is, and the guide has lines to copy', async ({ app, page }) => {
  await app.live();
  await app.openFile(files.snapshot('many.json', manyContainers(8)));
  await app.select('pod0-1');
  const what = app.details.getByLabel('What is this: Namespaces');
  await what.click();
  await expect(app.details.getByText('ls -l /proc/PID/ns')).toBeVisible();
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Command/ }).fill('guide');
  await page.keyboard.press('Enter');
  const guide = page.getByRole('dialog', { name: 'Guide' });
  await expect(guide.getByRole('heading', { level: 3 })).toHaveCount(7);
  await expect(guide).toContainText('docker run -d --name web2 --network=container:web1');
  expect(await seriousViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  // A number inside leads to the process that bears it, by the number outside.
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Command/ }).fill('1');
  await page.getByRole('option', { name: /outside it is 1001/ }).click();
  await expect(app.details.getByRole('heading', { level: 2 })).toHaveText('pod0-1');
});
