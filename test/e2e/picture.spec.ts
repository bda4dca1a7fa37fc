import type { Page } from '@playwright/test';
import { madeFleet } from '../support/made-fleet.ts';
import { expect, test } from './support/fixtures.ts';
import { Files } from './support/snapshots.ts';

/** Cards that come fade in, and move to where they are. */
async function atRest(page: Page): Promise<void> {
  await page.waitForTimeout(300);
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map(({ finished }) => finished)));
}

/** What the browser has drawn, in CSS pixels. */
async function measured(page: Page) {
  return page.evaluate(() => {
    const stage = document.querySelector('.graph > svg')?.getBoundingClientRect() ?? new DOMRect();
    const scale = document.querySelector<SVGGElement>('.graph .world')?.getCTM()?.a ?? 1;
    const texts = [...document.querySelectorAll('.graph > svg text')];
    const smallest = Math.min(...texts.map((text) => Number(text.getAttribute('font-size')) * scale));
    const cards = [...document.querySelectorAll('.graph .node:not([data-type="host"])')];
    const boxes = cards.map((card) => card.querySelector('rect')?.getBoundingClientRect() ?? new DOMRect());
    const overlaps = boxes.flatMap((a, index) =>
      boxes
        .slice(index + 1)
        .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
        .map(() => cards[index]?.getAttribute('data-name')),
    );
    // Words that leave their card are cut off by nothing, and would lie on what is beside it.
    const outside = cards.flatMap((card) => {
      const box = card.querySelector('rect')?.getBoundingClientRect() ?? new DOMRect();
      return [...card.querySelectorAll('text')]
        .filter((text) => {
          const own = text.getBoundingClientRect();
          return own.left < box.left - 1 || own.right > box.right + 1;
        })
        .map((text) => text.textContent);
    });
    const wide = (Math.max(...boxes.map((b) => b.right)) - Math.min(...boxes.map((b) => b.left))) / stage.width;
    const high = (Math.max(...boxes.map((b) => b.bottom)) - Math.min(...boxes.map((b) => b.top))) / stage.height;
    return { smallest, overlaps, outside, wide, high, words: texts.map((text) => text.textContent ?? '') };
  });
}

for (const [width, height] of [
  [1280, 800],
  [1440, 900],
  [2560, 1440],
] as const) {
  test(`the first picture is legible and fills the stage at ${width} × ${height}`, async ({ app, page }) => {
    await page.setViewportSize({ width, height });
    const files = new Files();
    await app.live();
    for (const count of [5, 25, 60, 200]) {
      await app.openFile(files.snapshot(`${count}.json`, madeFleet(count)));
      await expect(app.node('web2')).toBeVisible();
      await expect(page.locator('.graph .node[data-type="container"]')).toHaveCount(count);
      await atRest(page);
      const { smallest, overlaps, outside, wide, high, words } = await measured(page);
      expect(smallest, `${count}: the smallest text`).toBeGreaterThan(10.95);
      expect(overlaps, `${count}: cards upon each other`).toEqual([]);
      expect(outside, `${count}: words out of their card`).toEqual([]);
      expect(Math.max(wide, high), `${count}: the fuller direction`).toBeGreaterThan(0.7);
      expect(wide * high, `${count}: the area`).toBeGreaterThan(0.45);
      if (count > 25 || width < 1440) continue;
      for (const name of ['web1', 'web2', 'api-1']) expect(words).toContain(name);
      expect(words.join('\n')).toContain('node:22-alpine');
      expect(words.join('\n')).toMatch(/net · (--network=)?container:web1/);
    }
    files.end();
  });
}

test('text is never smaller than 11 pixels while it is zoomed, and comes back', async ({ app, page }) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('60.json', madeFleet(60)));
  files.end();
  await expect(app.node('web2')).toBeVisible();
  await app.graph.focus();
  const image = page.locator('.graph .node text', { hasText: 'node:22-alpine' });
  for (let step = 0; step < 8; step += 1) {
    await page.keyboard.press('-');
    await page.waitForTimeout(150);
    expect((await measured(page)).smallest).toBeGreaterThan(10.95);
  }
  await expect(image).toHaveCount(0);
  for (let step = 0; step < 14; step += 1) await page.keyboard.press('+');
  await expect(image.first()).toBeAttached();
});

test('the keyboard walks from a container along its lines, and into what they mean', async ({ app, page }) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('5.json', madeFleet(5)));
  files.end();
  await expect(app.node('web2')).toBeVisible();
  await app.select('web2');
  await app.graph.focus();
  await page.keyboard.press('l');
  await expect(page.locator('.graph .link.active')).toHaveCount(1);
  const told: string[] = [];
  for (let step = 0; step < 2; step += 1) {
    told.push((await page.locator('[data-active]').getAttribute('aria-label')) ?? '');
    await page.keyboard.press('l');
  }
  expect(told.sort().join('\n')).toContain('net: shared by web2, web1 (--network=container:web1)');
  expect(told.join('\n')).toContain("uts: web2 is in the machine's own (--uts=host)");
  await page.keyboard.press('Backspace');
  await expect(page.locator('[data-active]')).toHaveAttribute('aria-label', /^web2/);
});

test('the exported picture has the parts that others look for, and no line crosses a card', async ({ app, page }) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('60.json', madeFleet(60)));
  files.end();
  await expect(app.node('web2')).toBeVisible();
  const svg = (await app.exportAs('SVG')).content.toString();
  await page.setContent(svg);
  const { counts, crossings } = await page.evaluate(() => {
    const all = (selector: string) => [...document.querySelectorAll<SVGGraphicsElement>(selector)];
    const cards = all('g.container').map((card) => ({
      name: card.dataset.name,
      box: card.querySelector('rect')?.getBoundingClientRect() ?? new DOMRect(),
    }));
    const crossings = all('g.line').flatMap((line) => {
      const { from, to } = line.dataset;
      return [...line.querySelectorAll<SVGGeometryElement>('path, line')].flatMap((piece) => {
        const matrix = piece.getScreenCTM();
        const length = piece.getTotalLength();
        return cards
          .filter(({ name }) => name !== from && name !== to)
          .filter(({ box }) =>
            Array.from({ length: Math.ceil(length / 3) + 1 }, (_, step) => step * 3).some((at) => {
              const { x, y } = piece.getPointAtLength(at).matrixTransform(matrix ?? new DOMMatrix());
              return x > box.left + 1 && x < box.right - 1 && y > box.top + 1 && y < box.bottom - 1;
            }),
          )
          .map(({ name }) => `${from}–${to} crosses ${name}`);
      });
    });
    const counts = Object.fromEntries(
      ['container', 'group', 'machine', 'line', 'hub', 'legend'].map((part) => [part, all(`g.${part}`).length]),
    );
    return { counts, crossings };
  });
  expect(crossings).toEqual([]);
  expect(counts).toMatchObject({ container: 60, machine: 1, legend: 1 });
  for (const part of ['group', 'line', 'hub']) expect(counts[part]).toBeGreaterThan(2);
  expect(svg).not.toMatch(/<style|<foreignObject|<script/);
});
