import { seriousViolations } from './support/axe.ts';
import { expect, test } from './support/fixtures.ts';
import { Files, manyContainers } from './support/snapshots.ts';

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test('nothing hinders people seriously, in any view', async ({ app, page }) => {
      const files = new Files();
      await app.live();
      const found: string[] = [];
      const look = async (view: string): Promise<void> => {
        found.push(...(await seriousViolations(page)).map((line) => `${view}: ${line}`));
      };
      await look('no containers');
      await app.openFile(files.snapshot('many.json', manyContainers(20)));
      await expect(app.node('pod0-0')).toBeVisible();
      await look('graph');
      await app.select('pod0-1');
      await look('container');
      await app.details.getByRole('button', { name: /^net:/ }).click();
      await look('namespace');
      await page.getByRole('button', { name: 'Both' }).click();
      await look('both');
      await page.getByRole('button', { name: 'Table', exact: true }).click();
      await look('table');
      await page.getByRole('button', { name: 'Filter' }).click();
      await look('filter');
      await page.keyboard.press('Escape');
      await page.keyboard.press('e');
      await expect(page.getByRole('dialog').getByRole('button', { name: /^This machine/ })).toBeVisible();
      await look('engines');
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await look('shortcuts');
      await page.keyboard.press('Escape');
      for (const view of ['Processes', 'Levels', 'Wiring', 'Resources'] as const) {
        await app.show(view);
        await look(view);
      }
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('dialog')).toBeVisible();
      await look('palette');
      await page.keyboard.press('Escape');
      for (const dialog of ['Findings', 'Isolation', 'Reach', 'Guide', 'Export…', 'Settings', 'About']) {
        await page.keyboard.press('Control+k');
        await page.getByRole('combobox', { name: /^Command/ }).fill(dialog);
        await page.keyboard.press('Enter');
        await expect(page.getByRole('dialog')).toBeVisible();
        await expect(page.getByRole('combobox', { name: /^Command/ })).toHaveCount(0);
        await look(dialog);
        await page.keyboard.press('Escape');
        await expect(page.getByRole('dialog')).toHaveCount(0);
      }
      files.end();
      expect(found).toEqual([]);
    });

    test('nor below decks: terminals, their dialogs, details, wiring', async ({ app, engine, page }) => {
      await engine.docker('run', '-d', '--name', 'axe', '-p', '8000', engine.image, 'sleep', '1000');
      const found: string[] = [];
      const look = async (view: string): Promise<void> => {
        found.push(...(await seriousViolations(page)).map((line) => `${view}: ${line}`));
      };
      await app.live();
      await app.select('axe');
      await app.details.getByText('Limits and use', { exact: true }).click();
      await app.details.getByText('Main process (PID 1)', { exact: true }).click();
      await app.details.getByRole('button', { name: 'Shell', exact: true }).click();
      await expect(page.getByRole('region', { name: 'Terminals' }).locator('.xterm-rows')).toContainText('#');
      await look('shell');
      await app.details.getByRole('button', { name: 'Enter…' }).first().click();
      await look('enter');
      await page.keyboard.press('Escape');
      await app.details.getByRole('button', { name: 'Compare…' }).click();
      await look('compare');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Wiring', exact: true }).click();
      await expect(page.getByRole('region', { name: 'Wiring', exact: true })).toContainText('→ ');
      await look('wiring');
      await app.details.getByRole('button', { name: 'Overview' }).click();
      await app.details.getByRole('button', { name: 'host', exact: true }).first().click();
      await app.details.getByText('Shims').first().click();
      await look('host');
      expect(found).toEqual([]);
      await engine.docker('rm', '-f', 'axe');
    });
  });
}

test('forced colours keep what is pressed, what is live and what is selected', async ({ app, page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await app.live();
  const drawn = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => {
        const { backgroundColor, borderTopColor, color, outlineStyle } = getComputedStyle(element);
        return { backgroundColor, borderTopColor, color, outlineStyle };
      });
  const [pressed, other] = await Promise.all([
    drawn('.bar [aria-pressed="true"]'),
    drawn('.bar .group [aria-pressed="false"]'),
  ]);
  expect(pressed).not.toEqual(other);
  // The mark is a disc: a ground like that of the line would hide it.
  const [mark, line] = await page
    .locator('.status .phase.live')
    .evaluate((element) => [
      getComputedStyle(element, '::before').backgroundColor,
      getComputedStyle(element.closest('footer') ?? element).backgroundColor,
    ]);
  expect(mark).not.toBe(line);
  const files = new Files();
  await app.openFile(files.snapshot('many.json', manyContainers(8)));
  files.end();
  await app.select('pod0-1');
  await app.show('Both');
  const row = (selected: boolean) => drawn(`.table-panel tr[aria-selected="${selected}"] > *`);
  expect((await row(true)).backgroundColor).not.toBe((await row(false)).backgroundColor);
  const outline = (card: string) =>
    app.node(card).evaluate((node) => {
      const { stroke, strokeWidth } = getComputedStyle(node.querySelector('rect') as Element);
      return { stroke, strokeWidth };
    });
  expect(await outline('pod0-1')).not.toEqual(await outline('pod0-2'));
  expect(await seriousViolations(page)).toEqual([]);
});

test('who wants no motion sees none: what is asked for is there at once', async ({ app, page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const files = new Files();
  await app.open(page.url());
  await app.live();
  await app.openFile(files.snapshot('many.json', manyContainers(20)));
  files.end();
  await expect(app.node('pod0-0')).toBeVisible();
  await app.graph.focus();
  for (const key of ['+', 'f']) {
    const moved = await page.evaluate(
      (pressed) =>
        new Promise<{ places: string[]; animations: number }>((resolve) => {
          const world = document.querySelector<HTMLElement>('.graph .world');
          const places: string[] = [];
          const init = { key: pressed, bubbles: true, cancelable: true };
          document.querySelector('.graph')?.dispatchEvent(new KeyboardEvent('keydown', init));
          let frames = 0;
          const look = () => {
            frames += 1;
            if (frames > 2) places.push(world?.style.transform ?? '');
            if (frames < 20) requestAnimationFrame(look);
            else resolve({ places, animations: document.getAnimations().length });
          };
          requestAnimationFrame(look);
        }),
      key,
    );
    expect(new Set(moved.places).size, key).toBe(1);
    expect(moved.animations, key).toBe(0);
  }
});

for (const [width, height] of [
  // A page of 1280 × 800 at 200 %.
  [640, 400],
  [800, 600],
  [1024, 640],
  [1101, 700],
  [1280, 800],
  [1381, 800],
  [1920, 1200],
] as const) {
  test(`nothing is cut off at ${width} × ${height}`, async ({ app, page }) => {
    await page.setViewportSize({ width, height });
    const files = new Files();
    await app.live();
    await app.openFile(files.snapshot('many.json', manyContainers(20)));
    files.end();
    await expect(app.node('pod0-0')).toBeVisible();
    for (const view of ['Graph', 'Both', 'Table', 'Processes', 'Levels', 'Wiring'] as const) {
      await app.show(view);
      const scrolls = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return scrollWidth > innerWidth || scrollHeight > innerHeight;
      });
      expect(scrolls, `the page scrolls in ${view}`).toBe(false);
      await expect(app.status.getByRole('button')).toBeInViewport({ ratio: 1 });
      const last = page.getByRole('banner').getByRole('button').last();
      await expect(last).toBeInViewport({ ratio: 1 });
      // The engine is named, as far as its own width goes.
      const engine = page.getByRole('button', { name: /^Engine: / }).locator('.ellipsis');
      if (width > 1024) expect(await engine.evaluate((name) => name.scrollWidth - name.clientWidth)).toBe(0);
    }
  });
}
