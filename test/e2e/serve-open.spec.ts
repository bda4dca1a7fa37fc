import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

test('the page that --open hands the browser leads in, and no entry of the history holds a secret', async ({
  page,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-open-'));
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\nprintf '%s' "$1" >${folder}/given\n`, { mode: 0o755 });
  const child = spawn(process.execPath, ['out/cli/bulkhead.js', 'serve', '--open'], {
    env: { PATH: `${folder}:${process.env.PATH}`, HOME: folder, XDG_RUNTIME_DIR: folder },
    stdio: 'ignore',
  });
  try {
    await expect
      .poll(() => existsSync(join(folder, 'given')) && readFileSync(join(folder, 'given'), 'utf8'))
      .toMatch(/./);
    await page.goto('about:blank');
    await page.goto(`file://${readFileSync(join(folder, 'given'), 'utf8')}`).catch(() => {});
    await expect(page).toHaveURL(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    await expect(page.getByRole('button', { name: 'Export' })).toBeVisible();
    // A reload connects again, with what the page got for the code.
    await page.reload();
    await expect(page.getByRole('button', { name: 'Export' })).toBeVisible();
    await expect(page.getByText('Connecting')).toHaveCount(0);
    const session = await page.context().newCDPSession(page);
    const { entries } = (await session.send('Page.getNavigationHistory')) as { entries: { url: string }[] };
    expect(entries.map(({ url }) => url).join(' ')).not.toMatch(/#|open\.html/);
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
});
