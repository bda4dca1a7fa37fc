import type { Page } from '@playwright/test';
import { AppPage } from './support/app-page.ts';
import { expect, startServe, test } from './support/fixtures.ts';
import { englishIn, saidBy } from './support/said.ts';

const LABEL = ['--label', 'bulkhead.e2e=1'];

test.afterEach(async ({ engine }) => {
  const ids = await engine.docker('ps', '-aq', '--filter', 'label=bulkhead.e2e');
  if (ids !== '') await engine.docker('rm', '-f', ...ids.split('\n'));
});

/** Opens the settings and chooses a language, as it is named there, below the themes. */
async function choose(page: Page, language: string): Promise<void> {
  // Keys of the page do nothing while a dialog, as that of a command that has just run, is open.
  await expect(page.locator('dialog[open]')).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+,');
  const button = page.getByRole('dialog').getByRole('button', { name: language, exact: true }).last();
  await button.click();
  await expect(button).toHaveAttribute('aria-pressed', 'true');
}

/** Runs a command by its English words, which find it in every language. */
async function run(page: Page, words: string): Promise<void> {
  await page.keyboard.press('ControlOrMeta+k');
  await expect(page.getByRole('combobox')).toBeFocused();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
}

test.use({ actionTimeout: 15_000 });

test('Chinese at once, everywhere, and English again, while a shell goes on', async ({ app, engine, page }) => {
  test.setTimeout(300_000);
  await engine.docker('run', '-d', '--name', 'web1', ...LABEL, '-p', '8000', engine.image, '/bin/web', '8000');
  await engine.docker(
    'run',
    '-d',
    '--name',
    'web2',
    ...LABEL,
    '--network=container:web1',
    engine.image,
    'sleep',
    '999',
  );
  await engine.docker(
    'run',
    '-d',
    '--name',
    'web3',
    ...LABEL,
    '--cap-add=SYS_PTRACE',
    '--pid=host',
    engine.image,
    'sleep',
    '999',
  );
  await engine.docker('create', '--name', 'web4', ...LABEL, engine.image, 'sleep', '999');
  await app.live();
  await app.select('web1');
  await app.details.getByRole('button', { name: 'Shell', exact: true }).click();
  const rows = page.locator('.dock .xterm-rows');
  await expect(rows).toContainText('#');
  await page.keyboard.type('echo be$((40+2))fore\n');
  await expect(rows).toContainText('be42fore');
  await page.keyboard.press('F6');

  // A message that is there stays there, in the other language.
  await page.locator('.views').click({ position: { x: 5, y: 5 } });
  await run(page, 'tidy up');
  await expect(page.locator('.toast')).toContainText('laid out again');
  await choose(page, '简体中文');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page.locator('.toast')).toContainText('重新布局');
  await expect(page.getByRole('dialog', { name: '设置' }).getByRole('button', { name: '简体中文' })).toBeFocused();

  /** Where each was seen first. */
  const english = new Map<string, string>();
  const look = async (where: string): Promise<void> => {
    for (const text of await saidBy(page)) {
      if (englishIn(text).length > 0 && !english.has(text)) english.set(text, where);
    }
  };
  const close = async (): Promise<void> => {
    await page.keyboard.press('Escape');
    await expect(page.locator('dialog[open]')).toHaveCount(0);
  };
  const dialog = async (where: string): Promise<void> => {
    await expect(page.locator('dialog[open]')).toBeVisible();
    await expect(page.locator('dialog[open]')).not.toContainText(/正在\S*…/);
    await look(where);
    await close();
  };
  await dialog('settings');
  await expect(rows).toContainText('be42fore');
  await expect(page.getByRole('tab', { name: 'web1' })).toBeVisible();
  await page.locator('.dock .xterm').click();
  await page.keyboard.type('echo af$((40+2))ter\n');
  await expect(rows).toContainText('af42ter');
  await look('shell');
  await page.keyboard.press('F6');

  const details = page.locator('[data-region=details]');
  const unfold = async (): Promise<void> => {
    for (const fold of await details.locator('button[aria-expanded=false]:not([aria-haspopup])').all()) {
      if (await fold.isVisible()) await fold.click();
    }
    await expect(details).not.toContainText(/正在\S*…/);
  };
  for (const name of ['web1', 'web2', 'web3', 'web4']) {
    await page.getByRole('searchbox').fill(`name:${name}`);
    await page.getByRole('searchbox').press('Enter');
    await expect(details.getByRole('heading', { level: 2 })).toHaveText(name);
    await unfold();
    await look(`details of ${name}`);
    await page.getByRole('searchbox').fill('');
  }
  await page.getByRole('searchbox').fill('nothing:');
  await look('a search that is wrong');
  await page.getByRole('searchbox').fill('name:web1');
  await page.getByRole('searchbox').press('Enter');
  await page.getByRole('searchbox').fill('');
  // Beside the shell: Enter…, Compare….
  for (const index of [1, 2]) {
    const button = details.locator('.tools > button').nth(index);
    const name = await button.innerText();
    await button.click();
    await dialog(name);
  }
  await details.locator('[aria-haspopup=menu]').first().click();
  await look('actions');
  await page.locator('[role=menuitem]').last().click();
  await dialog('an action');
  await page.keyboard.press(']');
  await expect(details.getByRole('heading', { level: 2 })).not.toHaveText('web1');
  for (let kind = 0; kind < 8; kind++) {
    await unfold();
    await look(`namespace ${await details.getByRole('heading', { level: 2 }).innerText()}`);
    await page.keyboard.press(']');
  }
  await page.locator('.graph').press('Escape');

  const views = page.locator('.bar .segments button');
  for (let index = 0; index < (await views.count()); index++) {
    const view = views.nth(index);
    await view.click();
    await expect(view).toHaveAttribute('aria-pressed', 'true');
    // What is measured or read on request is there after a moment.
    await expect(page.locator('.views')).not.toContainText(/正在\S*…/, { timeout: 20_000 });
    await look(`view ${await view.innerText()}`);
  }
  await views.first().click();
  await page.getByRole('button', { name: '筛选', exact: true }).click();
  await look('filter');
  await expect(page.getByLabel('状态').locator('option', { hasText: '运行中' })).toHaveCount(1);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '导出', exact: true }).click();
  await look('exports');
  await page.keyboard.press('Escape');
  for (const words of ['choose engine', 'findings', 'isolation', 'reach', 'guide', 'shortcuts', 'about', 'export']) {
    await run(page, words);
    await dialog(words);
  }
  await page.keyboard.press('ControlOrMeta+k');
  await dialog('palette');
  await page.getByRole('button', { name: /^\+ (虚拟机|宿主机) shell…$/ }).click();
  await dialog('VM');

  await run(page, 'reach…');
  await page.locator('dialog[open] input').first().fill('outside');
  await page.locator('dialog[open] input').last().fill('web1:8000');
  await page.keyboard.press('Enter');
  await expect(page.locator('.reach .verdict')).toBeVisible({ timeout: 20_000 });
  await look('reach');
  await views.first().click();
  await run(page, 'previous moment');
  await look('the past');
  await page.locator('.time-line [aria-haspopup=menu]').click();
  await look('events');
  await page.keyboard.press('Escape');
  await run(page, 'compare with now');
  await expect(page.locator('.comparison-bar')).toBeVisible();
  await look('comparison');
  await run(page, 'end comparison');

  const found = [...english].map(([text, where]) => `${where}: ${text}`);
  await choose(page, 'English');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  await close();
  await app.live();
  const chinese = (await saidBy(page)).filter((text) => /\p{Script=Han}/u.test(text));
  await expect(rows).toContainText('af42ter');
  await choose(page, 'As the system');
  expect({ english: found, chinese }).toEqual({ english: [], chinese: [] });
});

test('whoever reads Chinese is welcomed in Chinese, whatever the shell speaks that serves the page', async ({
  browser,
  engine,
}) => {
  const served = await startServe({ DOCKER_HOST: engine.host, LANG: 'C', LC_ALL: 'C' }, false, {});
  const context = await browser.newContext({ locale: 'zh-CN' });
  try {
    const page = await context.newPage();
    const app = new AppPage(page);
    await app.open(served.url);
    const welcome = page.getByRole('dialog', { name: '欢迎使用 Bulkhead' });
    await expect(welcome).toContainText('辅助容器');
    await welcome.getByText('详情').click();
    const english = async () => (await saidBy(page)).flatMap(englishIn);
    // With what the backend says behind it: that no helper was started yet.
    await expect(page.locator('.banner')).toBeAttached();
    expect(await english()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('e');
    await expect(page.getByRole('dialog')).not.toContainText(/正在\S*…/);
    expect(await english()).toEqual([]);
    expect(app.errors).toEqual([]);
  } finally {
    await context.close();
    await served.stop();
  }
});

test('rows of English words are found, and no others', () => {
  expect(englishIn('This is not translated')).toHaveLength(1);
  expect(englishIn('容器 web1 共享 net，见 host network namespace')).toEqual([]);
  expect(englishIn('打开 root shell')).toEqual([]);
  // Shorter ones, too, where they are ours.
  expect(englishIn('SVG picture')).toHaveLength(1);
  expect(englishIn('SVG')).toEqual([]);
});
