import { expect, test } from './support/fixtures.ts';
import { Files } from './support/snapshots.ts';

const LABEL = ['--label', 'bulkhead.e2e=1'];

test.beforeEach(async ({ engine }) => {
  await engine.docker('run', '-d', '--name', 'deck', ...LABEL, '-p', '8000', engine.image, '/bin/web', '8000');
});
test.afterEach(async ({ engine }) => {
  const ids = await engine.docker('ps', '-aq', '--filter', 'label=bulkhead.e2e');
  if (ids !== '') await engine.docker('rm', '-f', ...ids.split('\n'));
});

test('a shell in a container: typed into, seen, ended with its tab', async ({ app, engine }) => {
  await app.live();
  await app.select('deck');
  const dock = app.page.getByRole('region', { name: 'Terminals' });
  await app.details.getByRole('button', { name: 'Shell', exact: true }).click();
  await expect(dock).toContainText('docker exec -it');
  await expect(dock).not.toContainText('Root outside');
  await app.page.keyboard.type('echo $((6*7))-deck; hostname\n');
  await expect(dock.locator('.xterm-rows')).toContainText('42-deck');
  // Keys are the program's: none of the page's shortcuts acts.
  await app.page.keyboard.type('t');
  await expect(app.table).toHaveCount(0);
  const shells = async () =>
    (await engine.docker('top', 'deck')).split('\n').filter((line) => /sh$|bulkhead|read -r/.test(line));
  await expect.poll(shells).not.toEqual([]);
  // F6 is the way out by keyboard; Delete closes.
  await app.page.keyboard.press('F6');
  await expect(dock.getByRole('tab', { name: 'deck' })).toBeFocused();
  await app.page.keyboard.press('Delete');
  await expect(dock).toHaveCount(0);
  await expect.poll(shells).toEqual([]);
});

test('a flood neither freezes the page nor grows it, and full-screen programs and wide characters are drawn', async ({
  app,
}) => {
  test.slow();
  await app.live();
  await app.select('deck');
  await app.details.getByRole('button', { name: 'Shell', exact: true }).click();
  const dock = app.page.getByRole('region', { name: 'Terminals' });
  const rows = dock.locator('.xterm-rows');
  await expect(rows).toContainText('#');
  const heap = () =>
    app.page.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize);
  const before = await heap();
  await app.page.keyboard.type('yes\n');
  // The longest time between two frames, over ten seconds of it.
  const longest = await app.page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const start = performance.now();
        let last = start;
        let worst = 0;
        const frame = (now: number): void => {
          worst = Math.max(worst, now - last);
          last = now;
          if (now - start > 10_000) resolve(worst);
          else requestAnimationFrame(frame);
        };
        requestAnimationFrame(frame);
      }),
  );
  expect(longest).toBeLessThan(1_500);
  expect((await heap()) - before).toBeLessThan(150 * 1024 * 1024);
  await app.page.keyboard.press('Control+c');
  await app.page.keyboard.type('clear; vi /tmp/note\n');
  await expect(rows).toContainText('~');
  await app.page.keyboard.type('iwide あ🚢 é');
  await app.page.keyboard.press('Escape');
  // Followed at once it would be the beginning of another key.
  await app.page.waitForTimeout(500);
  await app.page.keyboard.type(':wq\n');
  await expect(rows).toContainText('/ #');
  // The shell asks the terminal where the cursor is; keys before the answer would be taken for it.
  await app.page.waitForTimeout(1_000);
  await app.page.keyboard.type('clear; cat /tmp/note | wc -c; cat /tmp/note\n');
  await expect(rows).toContainText('16');
  await expect(rows).toContainText('あ🚢 é');
  // Colours of their own are drawn too, although the page's policy allows no style attribute.
  await app.page.keyboard.type('printf "\\033[38;2;200;0;100mtinted\\033[0m\\n"\n');
  await expect(rows.locator('span', { hasText: /^tinted$/ })).toHaveCSS('color', 'rgb(200, 0, 100)');
  await app.page.keyboard.type('top\n');
  await expect(rows).toContainText('Mem:');
  await app.page.keyboard.type('q');
});

test('entering asks for full privilege, says the command, and is drawn in red', async ({ app, engine }) => {
  await app.live();
  await app.select('deck');
  await app.details.getByRole('button', { name: 'Enter…' }).first().click();
  const dialog = app.page.getByRole('dialog', { name: 'Enter deck' });
  await expect(dialog).toContainText('--privileged');
  await expect(dialog).toContainText('root outside of all containers');
  const pid = await engine.docker('inspect', '-f', '{{.State.Pid}}', 'deck');
  for (const kind of ['mnt', 'pid', 'ipc', 'uts', 'user', 'cgroup', 'time']) {
    const box = dialog.getByRole('checkbox', { name: new RegExp(`^${kind}`) });
    if (await box.isEnabled()) await box.uncheck();
  }
  await dialog.getByRole('checkbox', { name: /root directory/ }).uncheck();
  await expect(dialog).toContainText(`nsenter --target ${pid} --net sh`);
  await dialog.getByRole('button', { name: /open root shell/ }).click();
  const dock = app.page.getByRole('region', { name: 'Terminals' });
  await expect(dock).toContainText('Root outside of all containers');
  await expect(dock).toHaveClass(/root/);
  await expect(dock).toContainText(`nsenter --target ${pid} --net sh`);
  await app.page.keyboard.type('readlink /proc/self/ns/net; exit 5\n');
  await expect(dock.locator('.xterm-rows')).toContainText(await engine.outside('readlink', `/proc/${pid}/ns/net`));
  await expect(dock).toContainText('Ended with code 5');
  await dock.getByRole('button', { name: 'Close deck' }).click();
  // Asked for once: afterwards it is only said.
  await app.details.getByRole('button', { name: 'Enter…' }).first().click();
  await expect(dialog.getByRole('button', { name: 'Open root shell' })).toBeVisible();
  await app.page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect
    .poll(() => engine.docker('ps', '-q', '--filter', 'label=dev.bulkhead.helper=shell'), { timeout: 10_000 })
    .toBe('');
});

test('one command outside and inside, side by side', async ({ app, engine }) => {
  await app.live();
  await app.select('deck');
  await app.details.getByRole('button', { name: 'Compare…' }).click();
  const dialog = app.page.getByRole('dialog', { name: 'One kernel, two views' });
  await dialog.getByLabel('Run on both sides').selectOption('hostname');
  const inside = dialog.getByRole('region', { name: 'Inside: deck' }).locator('pre');
  const outside = dialog.getByRole('region', { name: /^Outside/ }).locator('pre');
  await expect(inside).toHaveText((await engine.docker('inspect', '-f', '{{.Config.Hostname}}', 'deck')).trim());
  await expect(outside).toHaveText(await engine.outside('hostname'));
  await dialog.getByLabel('Run on both sides').selectOption('ls /');
  await expect(inside).toContainText('bin');
  await expect(outside).toContainText('boot');
  // Plain `ps` would list the terminal's own processes alone: these have none.
  await dialog.getByLabel('Run on both sides').selectOption('ps -e');
  await expect(outside).toContainText('dockerd');
  await expect(inside).toContainText(/\b1 .*(sleep|sh|httpd)/);
  await expect(inside).not.toContainText('dockerd');
});

test('a container is paused and a process is signalled only after the command was shown', async ({ app, engine }) => {
  await app.live();
  await app.select('deck');
  await app.details.getByRole('button', { name: 'Actions on deck' }).click();
  await app.page.getByRole('menuitem', { name: 'Pause…' }).click();
  const ask = app.page.getByRole('dialog', { name: 'Pause deck?' });
  await expect(ask).toContainText('docker pause deck');
  await ask.getByRole('button', { name: 'Cancel' }).click();
  expect(await engine.docker('inspect', '-f', '{{.State.Status}}', 'deck')).toBe('running');
  await app.details.getByRole('button', { name: 'Actions on deck' }).click();
  await app.page.getByRole('menuitem', { name: 'Pause…' }).click();
  await ask.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(app.details.locator('.state')).toHaveText('paused');
  await engine.docker('unpause', 'deck');

  const pid = await engine.docker('inspect', '-f', '{{.State.Pid}}', 'deck');
  await app.details.getByRole('button', { name: `Process ${pid}`, exact: true }).click();
  await app.details.getByRole('button', { name: `Signal process ${pid}` }).click();
  await app.page.getByRole('menuitem', { name: /SIGKILL/ }).click();
  const signal = app.page.getByRole('dialog', { name: `Send SIGKILL to process ${pid}?` });
  await expect(signal).toContainText(`kill -KILL ${pid}`);
  await signal.getByRole('button', { name: 'Send SIGKILL' }).click();
  await expect(app.details).toContainText('exited with code 137');
});

test('what a container holds: quotas, ports, sockets, mounts, and two mount tables compared', async ({
  app,
  engine,
}) => {
  await engine.docker(
    'run',
    '-d',
    '--name',
    'guest',
    ...LABEL,
    '--network=container:deck',
    '--memory=32m',
    engine.image,
    '/bin/web',
    '8001',
  );
  await app.live();
  await app.select('guest');
  await app.details.getByText('Limits and use', { exact: true }).click();
  await expect(app.details).toContainText(/of 32\.0 MiB/);
  await app.details.getByText('How its ports are reached', { exact: true }).click();
  await expect(app.details).toContainText(
    /docker-proxy, pid \d+[^→]*→ bridge \w+ → veth\w+ ⇄ eth0 → [\d.]+:8000 in deck/,
  );
  await expect(app.details).toContainText('its network is borrowed');
  await app.namespaceRow('net').getByRole('button', { name: /^net:/ }).click();
  const listening = app.details.getByRole('region', { name: 'Listening' });
  await expect(listening).toContainText('8000');
  await expect(listening).toContainText('8001');
  await app.page.keyboard.press('Alt+ArrowLeft');
  await app.namespaceRow('mnt').getByRole('button', { name: /^mnt:/ }).click();
  await expect(app.details).toContainText('/etc/resolv.conf');
  await app.details.getByLabel(/^Filter: \d+ mounts/).fill('hosts');
  await expect(app.details.getByRole('region', { name: /mounts$/ }).getByRole('row')).toHaveCount(2);
  await app.details.getByText('Compare with another mount table').click();
  await app.details.getByLabel('The other mount namespace').selectOption({ label: await labelOf(app, 'deck') });
  await expect(app.details).toContainText('Seen by both');
});

/** The option of a container in the list of mount namespaces. */
async function labelOf(app: { details: import('@playwright/test').Locator }, name: string): Promise<string> {
  const labels = await app.details.getByLabel('The other mount namespace').locator('option').allTextContents();
  return labels.find((label) => label.startsWith(`${name} `)) ?? '';
}

test('the host says what it is, how that is known, and which services run in it', async ({ app }) => {
  await app.live();
  await app.details.getByRole('button', { name: 'host', exact: true }).first().click();
  await expect(app.details).toContainText(/kernel that Bulkhead runs on|same boot of the same kernel/);
  await expect(app.details).toContainText(/Memory.*GiB/);
  // Here it is no VM that something hides.
  const shell = app.details.getByRole('button', { name: /^Shell / });
  if (process.env.BULKHEAD_TEST_ENGINE !== 'vm') await expect(shell).toHaveText('Shell on the host…');
  await app.details.getByText('Shims', { exact: false }).first().click();
  await expect(app.details).toContainText('shim of deck');
});

test('the wiring: boxes of network namespaces, their links, and a file of it', async ({ app, engine }) => {
  await app.live();
  await app.page.getByRole('button', { name: 'Wiring', exact: true }).click();
  const wiring = app.page.getByRole('region', { name: 'Wiring', exact: true });
  const ip = await engine.docker('inspect', '-f', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', 'deck');
  await expect(wiring.getByRole('button', { name: new RegExp(`^deck, 1 link: eth0 ${ip}/`) })).toBeVisible();
  await expect(wiring).toContainText('→ 8000');
  // The Export menu writes the view that is shown.
  const written = (format: string) =>
    app.download(async () => {
      await app.page.getByRole('button', { name: 'Export', exact: true }).click();
      await app.page.getByRole('menuitem', { name: format }).click();
    });
  const file = await written('.svg');
  expect(file.content.toString()).toContain('deck</text>');
  const drawn = await written('.png');
  expect(drawn.content.subarray(1, 4).toString()).toBe('PNG');
  // However long it is, it scrolls within the page.
  const picture = await wiring.locator('.wiring-scroll').boundingBox();
  const status = await app.status.boundingBox();
  expect((picture?.y ?? 0) + (picture?.height ?? 0)).toBeLessThanOrEqual((status?.y ?? 0) + 1);
  await wiring.getByRole('button', { name: /^deck,/ }).click();
  await expect(app.details.getByRole('heading', { level: 2 })).toContainText('Network namespace');
  await app.page.getByRole('button', { name: 'Graph', exact: true }).click();
  await expect(app.node('deck')).toBeVisible();
});

test('saved with details: the wiring and what a container holds are in the file', async ({ app }) => {
  await app.live();
  const file = await app.exportAs('Save with Details');
  expect(file.name).toMatch(/^bulkhead-details-.*\.bulkhead$/);
  const files = new Files();
  await app.openFile(files.text(file.name, file.content));
  await expect(app.page.getByText('snapshot of')).toContainText(file.name);
  await app.select('deck');
  await app.details.getByText('Limits and use').click();
  await expect(app.details).toContainText(/Tasks \(threads\)/);
  await app.details.getByText('How its ports are reached').click();
  await expect(app.details).toContainText(/8000/);
  await app.show('Wiring');
  const wiring = app.page.getByRole('region', { name: 'Wiring', exact: true });
  await expect(wiring.getByRole('button', { name: /^deck, 1 link: eth0 / })).toBeVisible();
  files.end();
});

test('the machine is a node, and its services are drawn when asked for, without moving a container', async ({
  app,
}) => {
  await app.live();
  const host = app.page.locator('.graph .node[data-type="host"]');
  await expect(host).toContainText(/cgroup v/);
  await expect(host).toContainText(/\d+ services/);
  const place = await app.node('deck').getAttribute('style');
  await app.page.getByRole('button', { name: 'Services', exact: true }).click();
  await expect(app.node('dockerd').first()).toBeVisible();
  expect(await app.node('deck').getAttribute('style')).toBe(place);
  await app.page.getByRole('button', { name: 'Table', exact: true }).click();
  await app.page.getByRole('rowheader', { name: /^shim.*shim of deck/ }).click();
  await expect(app.details).toContainText('A part of the host itself.');
  await expect(app.details).toContainText('shim of deck');
  await app.page.getByRole('button', { name: 'Graph', exact: true }).click();
  await app.page.locator('.graph').focus();
  await app.page.keyboard.press('s');
  await expect(app.node('dockerd')).toHaveCount(0);
});
