import { AppPage } from './support/app-page.ts';
import { seriousViolations } from './support/axe.ts';
import { expect, startServe, test } from './support/fixtures.ts';

test('the first start says what comes and what the helper is, and none starts before the answer', async ({
  engine,
  page,
}) => {
  const running = async () => (await engine.docker('ps', '-q', '--filter', 'label=dev.bulkhead.helper')).split('\n');
  // Helpers of the tests before stay for a minute after the last question.
  const others = await running();
  const helpers = async () => (await running()).filter((id) => !others.includes(id)).join('\n');
  await engine.docker('run', '-d', '--name', 'first', engine.image, 'sleep', '1000');
  const served = await startServe({ DOCKER_HOST: engine.host }, false, {});
  try {
    const app = new AppPage(page);
    await app.open(served.url);
    const welcome = page.getByRole('dialog', { name: 'Welcome to Bulkhead' });
    await expect(welcome.getByRole('button', { name: 'Start the helper' })).toBeVisible();
    await welcome.getByText('Details').click();
    await expect(welcome).toContainText('--cap-add=SYS_PTRACE');
    expect(await seriousViolations(page)).toEqual([]);
    // The engine's own facts are there already.
    await expect(app.node('first')).toBeVisible();
    expect(await helpers()).toBe('');

    await welcome.getByRole('button', { name: 'Never here' }).click();
    await expect(page.getByText('You chose that no helper runs in this engine')).toBeVisible();
    await page.reload();
    await app.live();
    await expect(page.getByText('You chose that no helper runs in this engine')).toBeVisible();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(await helpers()).toBe('');

    await page.getByRole('button', { name: 'Start the helper…' }).click();
    await page.getByRole('dialog', { name: 'The helper' }).getByRole('button', { name: 'Start the helper' }).click();
    await expect(app.status).toContainText(/scan \d/);
    await expect(page.getByText('You chose that no helper')).toHaveCount(0);
    expect(await helpers()).not.toBe('');
    await page.reload();
    await expect(app.status).toContainText(/scan \d/);
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(app.errors).toEqual([]);
  } finally {
    await served.stop();
    await engine.docker('rm', '-f', 'first');
  }
});

test('without an engine the first start says why, and the recording is one click away', async ({ page }) => {
  const served = await startServe({ DOCKER_HOST: 'unix:///nowhere/docker.sock' }, true, {});
  try {
    const app = new AppPage(page);
    await app.open(served.url);
    const welcome = page.getByRole('dialog', { name: 'Welcome to Bulkhead' });
    await expect(welcome).toContainText('No engine can be used yet');
    await expect(welcome).toContainText('/nowhere/docker.sock does not exist');
    await expect(welcome.getByRole('button', { name: 'Look again' })).toBeEnabled();
    await welcome.getByRole('button', { name: 'Guided experiment' }).click();
    await expect(page.getByRole('dialog', { name: 'Guide' })).toContainText('docker run -d --name web1');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Choose an engine' }).click();
    await page.getByRole('dialog', { name: 'Choose an engine' }).getByText('A recorded example').click();
    await expect(page.getByText('A recording, not this computer.')).toBeVisible();
    await expect(app.graph).toBeVisible();
    // It was looked at once: the next start is not a recording, and says what it shows instead, and why.
    await page.reload();
    await expect(page.getByText(/this machine's own processes are shown\. The engine is not running/)).toBeVisible();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    expect(app.errors).toEqual([]);
  } finally {
    await served.stop();
  }
});
