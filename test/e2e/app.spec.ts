import { NAMESPACE_KINDS } from '../../src/core/snapshot/namespace.ts';
import { expect, test } from './support/fixtures.ts';

/** `docker run -d --name NAME ARGS… IMAGE sleep`; gives the container's pid as the host sees it. */
async function run(
  engine: { docker(...args: string[]): Promise<string>; image: string },
  name: string,
  args: string[],
) {
  await engine.docker('run', '-d', '--name', name, ...args, engine.image, 'sleep', '1000');
  return Number(await engine.docker('inspect', '-f', '{{.State.Pid}}', name));
}

test.afterEach(async ({ engine }) => {
  const ids = await engine.docker('ps', '-aq', '--filter', 'label=bulkhead.e2e');
  if (ids !== '') await engine.docker('rm', '-f', ...ids.split('\n'));
});

const LABEL = ['--label', 'bulkhead.e2e=1'];

test('shows the experiment, live, and follows it', async ({ app, engine }) => {
  await app.live();
  await expect(app.page.getByText('No containers yet')).toBeVisible();

  await run(engine, 'web1', [...LABEL, '-p', '8000', '-p', '8001', '--uts=host']);
  await expect(app.node('web1')).toBeVisible({ timeout: 5_000 });
  await expect(app.lines('net')).toHaveCount(0);
  const pid = await run(engine, 'web2', [...LABEL, '--network=container:web1', '--uts=host']);
  await expect(app.node('web2')).toBeVisible({ timeout: 5_000 });
  await expect(app.lines('net')).toHaveCount(1);
  await expect(app.status).toContainText('2 containers');

  await app.select('web2');
  await expect(app.namespaceRow('net')).toContainText('shared');
  await expect(app.namespaceRow('net')).toContainText('--network=container:web1');
  await expect(app.namespaceRow('uts')).toContainText('host');
  await expect(app.namespaceRow('uts')).toContainText('--uts=host');
  for (const kind of ['mnt', 'pid', 'ipc']) await expect(app.namespaceRow(kind)).toContainText('private');
  for (const kind of ['user', 'time']) await expect(app.namespaceRow(kind)).toContainText('host');

  await expect(app.node('web2').locator('title').first()).toHaveText(/with the host: uts, user/);

  // The details say what the kernel and the engine say.
  for (const kind of NAMESPACE_KINDS) {
    const link = await engine.outside('readlink', `/proc/${pid}/ns/${kind}`);
    await expect(app.namespaceRow(kind).getByRole('button', { name: link, exact: true })).toBeVisible();
  }
  const id = await engine.docker('inspect', '-f', '{{.Id}}', 'web2');
  await expect(app.details).toContainText(id.slice(0, 12));
  await expect(app.details).toContainText(engine.image);
  await app.namespaceRow('net').getByRole('button', { name: 'web1' }).click();
  await expect(app.details).toContainText(/:\d+ → 8000\/tcp/);

  // What is the machine's by choice has a line to it; what is so by default only on request.
  await expect(app.lines('uts')).toHaveCount(2);
  await expect(app.lines('user')).toHaveCount(0);
  await app.page.keyboard.press('h');
  await expect(app.lines('user')).toHaveCount(2);
  await app.page.keyboard.press('h');
  await expect(app.lines('user')).toHaveCount(0);

  // Killed from outside: web1 has ended, and web2 keeps the namespace that nobody else is in any more.
  await engine.outside('kill', '-9', await engine.docker('inspect', '-f', '{{.State.Pid}}', 'web1'));
  await expect(app.lines('net')).toHaveCount(0);
  await expect(app.details).toContainText('exited with code 137');
  await expect(app.brokenLines()).toHaveCount(1);
  // What came later may lie outside of what is in view.
  await app.page.keyboard.press('f');
  await app.brokenLines().click();
  await expect(app.details).toContainText('Declared');
  for (const command of ['docker start web1', 'docker restart web2']) {
    await expect(app.details).toContainText(command);
  }
  await app.select('web2');
  await expect(app.details).toContainText('still uses the net namespace of web1, which has stopped');
  await app.select('web1');
  await engine.docker('rm', 'web1');
  await expect(app.node('web1')).toHaveCount(0);
  await expect(app.details.getByRole('heading', { level: 2 })).toHaveText('Gone');
  await app.page.keyboard.press('Alt+ArrowLeft');
  await expect(app.details.getByRole('heading', { level: 2 })).toHaveText('web2');
  await expect(app.details).toContainText('a container that no longer exists');
});

test('says why a share is not in force', async ({ app, engine }) => {
  await run(engine, 'target', LABEL);
  await run(engine, 'joiner', [...LABEL, '--network=container:target']);
  await engine.docker('restart', '-t', '0', 'target');
  await app.live();
  await app.select('joiner');
  await expect(app.details.getByRole('heading', { name: 'Broken shares' })).toBeVisible();
  await expect(app.details).toContainText('Restart joiner');
});

test('shows processes as a tree, those of docker exec too, and copies ids and commands', async ({
  app,
  engine,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const pid = await run(engine, 'tree', LABEL);
  await engine.docker('exec', '-d', 'tree', 'sh', '-c', 'sleep 501 & sleep 502');
  await app.live();
  await app.select('tree');
  const tree = app.details.getByRole('region', { name: 'Processes of tree' });
  await expect(tree.getByRole('row')).toHaveCount(4);
  await expect(tree.getByRole('row').filter({ hasText: 'exec' })).toHaveCount(1);
  await expect(tree).toContainText('sleep 501');
  // The pid outside, and 1 inside.
  await expect(tree.getByRole('row').filter({ hasText: 'sleep 1000' })).toContainText(`${pid}1`);

  await app.details.getByRole('button', { name: 'Copy container id' }).click();
  await expect(app.details.getByText('Copied')).toBeVisible();
  expect(await app.clipboard()).toBe((await engine.docker('inspect', '-f', '{{.Id}}', 'tree')).slice(0, 12));
  await app.details.getByRole('button', { name: 'Copy ls command' }).click();
  await expect.poll(() => app.clipboard()).toBe(`sudo ls -l /proc/${pid}/ns`);
  await app.details.getByRole('button', { name: 'Copy nsenter command' }).click();
  await expect.poll(() => app.clipboard()).toBe(`sudo nsenter -t ${pid} --all`);

  // A namespace's own page, its owner, and back.
  const net = await engine.outside('readlink', `/proc/${pid}/ns/net`);
  await app.namespaceRow('net').getByRole('button', { name: net, exact: true }).click();
  await expect(app.details.getByRole('heading', { level: 2 })).toContainText('Network namespace');
  await expect(app.details).toContainText('localhost of one is localhost of the other');
  // By keyboard: the place of the focus stays in the details.
  await app.details.getByRole('button', { name: await engine.outside('readlink', '/proc/self/ns/user') }).focus();
  await app.page.keyboard.press('Enter');
  await expect(app.details.locator(':focus')).toHaveCount(1);
  await expect(app.details.getByRole('heading', { level: 2 })).toContainText('User namespace');
  await app.details.getByRole('button', { name: 'Back' }).click();
  await expect(app.details.getByRole('heading', { level: 2 })).toContainText('Network namespace');
});

test('tells what a line means and which flags make it', async ({ app, engine }) => {
  await run(engine, 'pair-a', [...LABEL, '--ipc=shareable']);
  await run(engine, 'pair-b', [...LABEL, '--network=container:pair-a', '--ipc=container:pair-a']);
  await app.live();
  await expect(app.lines('net')).toHaveCount(1);
  await expect(app.lines('ipc')).toHaveCount(1);
  await app.lines('net').first().click();
  await expect(app.details).toContainText('share 2 namespaces');
  await expect(app.details).toContainText('docker run --network=container:pair-a --ipc=container:pair-a IMAGE');

  // A third one: the network is a hub with a strand to each, never three lines.
  await run(engine, 'pair-c', [...LABEL, '--network=container:pair-b']);
  await expect(app.page.locator('.graph .hub')).toHaveCount(1);
  await expect(app.lines('net')).toHaveCount(3);
  await app.page.locator('.graph .hub').click();
  for (const name of ['pair-a', 'pair-b', 'pair-c']) {
    await expect(app.details.getByRole('button', { name, exact: true }).first()).toBeVisible();
  }
  await expect(app.details).toContainText('share one namespace');
  await app.page.keyboard.press('Escape');
  await expect(app.details.getByRole('heading', { level: 2 })).toHaveText('Overview');
});

test('finds, filters, and undoes', async ({ app, engine }) => {
  await run(engine, 'shop-db', [...LABEL, '--label', 'com.docker.compose.project=shop']);
  const pid = await run(engine, 'shop-web', [
    ...LABEL,
    '--label',
    'com.docker.compose.project=shop',
    '--network=container:shop-db',
  ]);
  await run(engine, 'other', LABEL);
  await engine.docker('pause', 'other');
  await app.live();
  await expect(app.status).toContainText('3 containers');
  const { page } = app;

  await page.keyboard.press('/');
  await expect(app.search).toBeFocused();
  await page.keyboard.type('shop');
  await expect(page.getByText('2 found')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(app.details.getByRole('heading', { level: 2 })).toHaveText('shop-db');
  await page.keyboard.press('Enter');
  await expect(app.details.getByRole('heading', { level: 2 })).toHaveText('shop-web');
  await expect(page.getByText('2 of 2')).toBeVisible();
  await app.search.fill(String(pid));
  await expect(page.getByText('1 found')).toBeVisible();
  await app.search.fill('no such thing');
  await expect(page.getByText('Nothing found')).toBeVisible();
  await app.search.fill('kind:nonsense');
  await expect(app.search).toHaveAccessibleDescription(/not a namespace kind: use one of/);
  // Typed text is no command: nothing was hidden by the digits of the pid.
  await page.keyboard.press('Escape');
  await expect(app.search).toHaveValue('');
  await expect(app.lines('net')).toHaveCount(1);

  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByLabel('Compose project').selectOption('shop');
  await expect(app.status).toContainText('2 of 3 containers shown');
  await page.getByLabel('State').selectOption('paused');
  await expect(page.getByText('No container matches the filter')).toBeVisible();
  await page.getByLabel('Compose project').selectOption('Any');
  await expect(app.node('other')).toBeVisible();
  await page.getByRole('textbox', { name: 'Containers' }).fill('name:"');
  await expect(page.getByText('A quotation mark is not closed')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Clear the filter' }).click();
  await expect(app.status).toContainText('3 containers');

  await page.keyboard.press('3');
  await expect(app.lines('net')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(app.lines('net')).toHaveCount(1);
});

test('is driven by keys alone', async ({ app, engine }) => {
  await run(engine, 'one', LABEL);
  await run(engine, 'two', [...LABEL, '--network=container:one']);
  await app.live();
  const { page } = app;
  await expect(app.node('two')).toBeVisible();

  await page.keyboard.press('?');
  const shortcuts = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(shortcuts).toBeVisible();
  const covered = await shortcuts.locator('dl > div').evaluateAll(
    (lines) =>
      lines.flatMap((line) => {
        const meaning = line.querySelector('dd')?.getBoundingClientRect().left ?? 0;
        return [...line.querySelectorAll('kbd')].filter((key) => key.getBoundingClientRect().right > meaning);
      }).length,
  );
  expect(covered).toBe(0);
  await page.keyboard.press('Escape');
  await expect(shortcuts).toBeHidden();

  await app.graph.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(app.details.getByRole('heading', { level: 2 })).toHaveText(/one|two/);

  await page.keyboard.press('t');
  await expect(app.table).toBeVisible();
  await app.table.focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.press('Enter');
  await expect(app.details.getByRole('heading', { level: 2 })).toHaveText('one');
  // Equal letters mean the same namespace.
  const cell = (name: string, kind: string) =>
    app.table
      .getByRole('row', { name: new RegExp(`^${name} `) })
      .locator('td')
      .nth(NAMESPACE_KINDS.indexOf(kind as (typeof NAMESPACE_KINDS)[number]));
  expect(await cell('one', 'net').textContent()).toMatch(/^A/);
  expect(await cell('one', 'net').textContent()).toBe(await cell('two', 'net').textContent());
  const first = app.table.getByRole('rowheader').first();
  await expect(first).toHaveText('one');
  await app.table.getByRole('button', { name: 'name' }).click();
  await expect(first).toHaveText('two');
  await page.keyboard.press('t');
  await expect(app.table).toBeHidden();

  await page.keyboard.press('i');
  await expect(app.details).toBeHidden();
  await page.keyboard.press('i');
  const width = (await app.details.boundingBox())?.width ?? 0;
  await app.details.getByRole('separator').focus();
  await page.keyboard.press('ArrowLeft');
  expect((await app.details.boundingBox())?.width).toBe(width + 24);
});

test('what hostile containers are called stays text', async ({ app, engine }) => {
  const script = '<img src=x onerror="document.title=\'owned\'">';
  await engine.docker(
    'run',
    '-d',
    '--name',
    'hostile',
    ...LABEL,
    '--label',
    `com.docker.compose.project=${script}`,
    '--label',
    `com.docker.compose.service=${script}\u202e`,
    engine.image,
    'sh',
    '-c',
    `sleep 1000; : '${script}' '\u001b[31m' '</script><script>document.title="owned"</script>'`,
  );
  await app.live();
  await app.select('hostile');
  await expect(app.details).toContainText(script);
  await expect(app.details).toContainText('\\u{202e}');
  await expect(app.details).toContainText('\\u{1b}[31m');
  const svg = await app.exportAs('SVG');
  expect(svg.content.toString()).not.toContain('<img');
  await expect(app.page).toHaveTitle(/Bulkhead$/);
});
