import type { Page } from '@playwright/test';
import { madeFleet } from '../support/made-fleet.ts';
import { withNetworks } from '../support/made-fleet-networks.ts';
import { madeNetworks } from '../support/made-networks.ts';
import { seriousViolations } from './support/axe.ts';
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
  await app.openFile(files.snapshot('60.json', withNetworks(madeFleet(60))));
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

const placesOf = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<SVGGElement>('.graph .node:not([data-type="host"])')].map(
      ({ dataset, style }) => `${dataset.name} ${style.transform}`,
    ),
  );

test('laying out afresh is undone by Ctrl+Z', async ({ app, page }) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('25.json', madeFleet(25)));
  await expect(app.node('web2')).toBeVisible();
  // A view that was moved stays as it is in another window; laid out again it is made for that.
  await app.graph.focus();
  await page.keyboard.press('+');
  await page.setViewportSize({ width: 1440, height: 560 });
  await atRest(page);
  const before = await placesOf(page);
  await page.keyboard.press('Control+Shift+l');
  await expect.poll(() => placesOf(page)).not.toEqual(before);
  await page.keyboard.press('Control+z');
  await expect.poll(() => placesOf(page)).toEqual(before);
  files.end();
});

test('a window of another size is filled again, and every name in it can be read', async ({ app, page }) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('25.json', madeFleet(25)));
  files.end();
  await expect(app.node('web2')).toBeVisible();
  for (const [width, height] of [
    [1000, 900],
    [1800, 700],
    [2560, 1440],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect
      .poll(
        async () => {
          const { wide, high } = await measured(page);
          return wide * high > 0.45 && Math.max(wide, high) > 0.7;
        },
        { message: `${width} × ${height} is filled` },
      )
      .toBe(true);
    await atRest(page);
    const { smallest, overlaps, words } = await measured(page);
    expect(smallest).toBeGreaterThan(10.95);
    expect(overlaps).toEqual([]);
    for (const name of ['web1', 'web2', 'api-1']) expect(words).toContain(name);
  }
});

test('beside its table the picture fills its half, whatever was shown before, and the banner covers no row', async ({
  app,
  page,
}) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('25.json', madeFleet(25)));
  files.end();
  await expect(app.node('web2')).toBeVisible();
  // Through a view without the picture: it is made anew in the document, for another room.
  await page.getByRole('button', { name: 'Table', exact: true }).click();
  await page.getByRole('button', { name: 'Both', exact: true }).click();
  for (const [width, height] of [
    [1280, 800],
    [640, 900],
  ] as const) {
    await page.setViewportSize({ width, height });
    const filled = async () => {
      const { wide, high } = await measured(page);
      return Math.max(wide, high);
    };
    await expect.poll(filled, { message: `${width} × ${height} is filled` }).toBeGreaterThan(0.7);
    const banner = await page.locator('.banner').first().boundingBox();
    const table = await page.locator('.table-panel').boundingBox();
    const apart =
      (banner?.x ?? 0) + (banner?.width ?? 0) <= (table?.x ?? 0) ||
      (banner?.y ?? 0) + (banner?.height ?? 0) <= (table?.y ?? 0);
    expect(apart, `${width} × ${height}: the banner ${JSON.stringify(banner)} beside ${JSON.stringify(table)}`).toBe(
      true,
    );
  }
});

test('a picture that is left while it moves is left without an error', async ({ app, page }) => {
  const files = new Files();
  await app.openFile(files.snapshot('fleet.json', madeFleet(25)));
  await expect(app.node('web1')).toBeVisible();
  await app.graph.focus();
  // Both at once, so that the picture is hidden before its first step. The fixture asks for errors in the page.
  await page.evaluate(() => {
    for (const key of ['f', 'V']) {
      const shiftKey = key === 'V';
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, shiftKey, bubbles: true }));
    }
  });
  await expect(app.graph).toBeHidden();
  await atRest(page);
  files.end();
});

test('the selected card shows all eight kinds at any scale', async ({ app, page }) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('60.json', withNetworks(madeFleet(60))));
  files.end();
  await expect(app.node('web2')).toBeVisible();
  await app.select('web2');
  await page.mouse.move(4, 4);
  const chips = async () => (await page.locator('.graph .lens text').allTextContents()).join(' ');
  for (const kind of ['mnt', 'pid', 'net', 'ipc', 'uts', 'usr', 'cgr', 'tim']) expect(await chips()).toContain(kind);
  const card = await page.locator('.graph .lens rect').first().boundingBox();
  // Nothing but its kinds, above it: other cards' names can be read.
  expect(card?.height).toBeLessThan(30);
  const own = await app.node('web2').boundingBox();
  expect((card?.y ?? 0) + (card?.height ?? 0)).toBeLessThan((own?.y ?? 0) + 1);
  const stage = await page.locator('.graph > svg').boundingBox();
  expect(card?.x).toBeGreaterThan(stage?.x ?? 0);
  expect((card?.x ?? 0) + (card?.width ?? 0)).toBeLessThan((stage?.x ?? 0) + (stage?.width ?? 0));
});

test('what is found in view stays there, and the kinds of its card cover no reason', async ({ app, page }) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('25.json', madeFleet(25)));
  await expect(app.node('web2')).toBeVisible();
  await atRest(page);
  const place = () => page.locator('.graph .world').evaluate((world) => (world as HTMLElement).style.transform);
  const before = await place();
  await app.select('web2');
  await atRest(page);
  expect(await place()).toBe(before);
  const chips = await page.locator('.graph .lens rect').first().boundingBox();
  const own = await app.node('web2').boundingBox();
  expect(chips?.y).toBeGreaterThan(own?.y ?? 0);
  expect((chips?.y ?? 0) + (chips?.height ?? 0)).toBeLessThan((own?.y ?? 0) + (own?.height ?? 0) + 6);
  // The image above them is read whole.
  const image = await app.node('web2').getByText('postgres:17').boundingBox();
  expect((image?.y ?? 0) + (image?.height ?? 0)).toBeLessThan((chips?.y ?? 0) + 2);
  // What lies at the edge comes near without emptiness beside it.
  await app.openFile(files.snapshot('200.json', madeFleet(200)));
  files.end();
  await expect(app.node('registry8')).toBeAttached();
  await atRest(page);
  await app.select('registry8');
  await atRest(page);
  const stage = await page.locator('.graph > svg').boundingBox();
  const hull = await page.locator('.graph .machine > g > *').first().boundingBox();
  expect(hull?.x).toBeLessThanOrEqual((stage?.x ?? 0) + 12);
  expect((hull?.y ?? 0) + (hull?.height ?? 0)).toBeGreaterThanOrEqual((stage?.y ?? 0) + (stage?.height ?? 0) - 12);
});

test('the legend counts what is drawn: shared, and the host’s by choice', async ({ app, page }) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('25.json', madeFleet(25)));
  files.end();
  await expect(app.node('web2')).toBeVisible();
  const count = (kind: string) => page.locator('.legend .key', { hasText: kind }).locator('.count');
  // web1, web2 and node-exporter0 have the host's name; nobody shares another.
  await expect(count('uts')).toHaveText('3');
  await expect(count('user')).toHaveText('0');
  await expect(page.locator('.legend')).toContainText("0 shared, 3 in the host's by choice");
});

test('of a broken share its line is marked, and nothing lies upon what that says', async ({ app, page }) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('25.json', madeFleet(25)));
  files.end();
  await expect(app.node('sidecar1')).toBeVisible();
  await app.brokenLines().first().click({ force: true });
  await expect(app.details.getByRole('heading', { level: 2 })).toHaveText('sidecar1: net is not shared');
  await page.mouse.move(4, 4);
  await expect(page.locator('.graph .link.broken.selected')).toHaveCount(1);
  await expect(app.node('sidecar1')).toHaveClass(/selected/);
  await expect(page.locator('.graph .lens-card')).toHaveCount(0);
});

/** The smallest contrast of what is written on cards and what it stands on, with the filter that a stale picture has. */
async function contrastOf(page: Page, selector: string): Promise<{ least: number; text: string; counted: number }> {
  return page.evaluate((which) => {
    const channels = (colour: string) => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
    const grey = ([r = 0, g = 0, b = 0]: number[]) => {
      const level = 0.2126 * r + 0.7152 * g + 0.0722 * b;
      return [level, level, level];
    };
    const stale = document.querySelector('.graph.stale') !== null;
    const luminance = (colour: string) => {
      const seen = stale ? grey(channels(colour)) : channels(colour);
      const [r = 0, g = 0, b = 0] = seen.map((value) => {
        const part = value / 255;
        return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const opacityOf = (element: Element) => {
      let opacity = 1;
      for (let at: Element | null = element; at !== null && at.tagName !== 'svg'; at = at.parentElement) {
        opacity *= Number(getComputedStyle(at).opacity);
      }
      return opacity;
    };
    let out = { least: 21, text: '', counted: 0 };
    for (const card of document.querySelectorAll(`.graph ${which}`)) {
      const rects = [...card.querySelectorAll('rect')];
      for (const text of card.querySelectorAll('text')) {
        const box = text.getBoundingClientRect();
        const x = box.x + box.width / 2;
        const y = box.y + box.height / 2;
        // The last filled one beneath it is what it stands on.
        const ground = rects.findLast((rect) => {
          const { left, right, top, bottom } = rect.getBoundingClientRect();
          const { fill } = getComputedStyle(rect);
          return fill !== 'none' && fill !== 'rgba(0, 0, 0, 0)' && x > left && x < right && y > top && y < bottom;
        });
        if (ground === undefined) continue;
        const a = luminance(getComputedStyle(text).fill);
        const b = luminance(getComputedStyle(ground).fill);
        const contrast = opacityOf(text) < 1 ? 1 : (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        out = { ...out, counted: out.counted + 1 };
        if (contrast < out.least) out = { ...out, least: contrast, text: text.textContent ?? '' };
      }
    }
    return out;
  }, selector);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`what a search does not find can still be read, and partners are not dimmed: ${colorScheme}`, async ({
    app,
    page,
    served,
  }) => {
    await page.emulateMedia({ colorScheme });
    await app.open(served.url);
    const files = new Files();
    await app.live();
    await app.openFile(files.snapshot('25.json', madeFleet(25)));
    files.end();
    await expect(app.node('web2')).toBeVisible();
    await app.search.fill('name:web2');
    await expect(app.node('web2')).toHaveClass(/found/);
    await expect(app.node('backup')).toHaveClass(/dim/);
    await expect(app.node('web1')).not.toHaveClass(/dim/);
    await atRest(page);
    const dimmed = await contrastOf(page, '.node.dim');
    expect(dimmed.counted).toBeGreaterThan(40);
    expect(dimmed.least, dimmed.text).toBeGreaterThan(4.5);
    // As a picture that is no longer true looks.
    await page.evaluate(() => document.querySelector('.graph')?.classList.add('stale'));
    const stale = await contrastOf(page, '.node:not([data-type="host"])');
    expect(stale.counted).toBeGreaterThan(50);
    expect(stale.least, stale.text).toBeGreaterThan(4.5);
  });
}

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

test('Docker networks are lanes on request, told by pointer and keyboard, and lead to the wiring', async ({
  app,
  page,
}) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('networks.json', withNetworks(madeFleet(25))));
  files.end();
  await expect(app.node('web2')).toBeVisible();
  const places = () =>
    page.locator('.graph .node').evaluateAll((all) => all.map((each) => (each as SVGGElement).style.transform));
  const [before, lanes] = [await places(), page.locator('.graph .lane')];
  await expect(lanes).toHaveCount(0);
  await app.graph.focus();
  await page.keyboard.press('w');
  const lane = page.locator('.graph .lane[data-name="shop_default"]');
  await expect(lane.locator('title')).toHaveText(/^shop_default · 172\.[\d.]+\/24: the network of shop-/);
  expect(await places(), 'nobody has moved').toEqual(before);
  const sizes = await lanes
    .locator('text')
    .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().height));
  expect(sizes.length).toBeGreaterThan(2);
  for (const size of sizes) expect(size).toBeGreaterThanOrEqual(11);
  expect(await seriousViolations(page)).toEqual([]);
  // The keyboard walks along the lanes of a card as along its lines.
  await app.select('shop-cache-1');
  await app.graph.focus();
  await page.keyboard.press('l');
  await expect(page.locator('[data-active]')).toHaveAttribute('aria-label', /^shop_\w+ · .*the network of/);
  await expect(page.locator('.graph .lane.active')).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Wiring', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await app.show('Graph');
  // Remembered, as the other switches are.
  await expect(page.getByRole('button', { name: 'Networks', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await lane.locator('text').first().click({ force: true });
  await expect(page.getByRole('button', { name: 'Wiring', exact: true })).toHaveAttribute('aria-pressed', 'true');
});

test('a lane leads to its network in the wiring', async ({ app, page }) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('30.json', madeNetworks(30, 200)));
  files.end();
  await page.keyboard.press('w');
  const lane = page.locator('.graph .lane[data-name="ledger_monitoring"]');
  await lane.dispatchEvent('click');
  await expect(page.getByRole('button', { name: 'Members of ledger_monitoring' })).toBeFocused();
});

test('the exported picture has the parts that others look for, and no line crosses a card', async ({ app, page }) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('60.json', withNetworks(madeFleet(60))));
  files.end();
  await expect(app.node('web2')).toBeVisible();
  await page.keyboard.press('w');
  await expect(page.locator('.graph .lane').first()).toBeVisible();
  const svg = (await app.exportAs('SVG')).content.toString();
  await page.setContent(svg);
  const { counts, crossings } = await page.evaluate(() => {
    const all = (selector: string) => [...document.querySelectorAll<SVGGraphicsElement>(selector)];
    const cards = all('g.container').map((card) => ({
      name: card.dataset.name,
      box: card.querySelector('rect')?.getBoundingClientRect() ?? new DOMRect(),
    }));
    const crossings = all('g.line, g.network').flatMap((line) => {
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
      ['container', 'group', 'machine', 'line', 'network', 'hub', 'legend'].map((part) => [
        part,
        all(`g.${part}`).length,
      ]),
    );
    return { counts, crossings };
  });
  expect(crossings).toEqual([]);
  expect(counts).toMatchObject({ container: 60, machine: 1, legend: 1 });
  for (const part of ['group', 'line', 'network', 'hub']) expect(counts[part]).toBeGreaterThan(2);
  expect(svg).not.toMatch(/<style|<foreignObject|<script/);
});

test('the banner of a file hides nothing that the foot of the machine tells, however it is called', async ({
  app,
  page,
}) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('a snapshot of the fleet that is called at some length.json', madeFleet(25)));
  for (const [width, height] of [
    [1280, 800],
    [1440, 900],
    [800, 600],
  ] as const) {
    await page.setViewportSize({ width, height });
    await atRest(page);
    const boxes = await page.evaluate(() => {
      const boxOf = (element: Element | null | undefined) => element?.getBoundingClientRect().toJSON() as DOMRect;
      const foot = [...document.querySelectorAll('.graph .machine text')];
      return { foot: foot.map(boxOf), banner: boxOf(document.querySelector('.banner')) };
    });
    expect(boxes.foot.length, `${width} × ${height}: what the foot tells`).toBeGreaterThan(0);
    for (const { right } of boxes.foot) expect(right, `${width} × ${height}`).toBeLessThanOrEqual(boxes.banner.x);
    expect(boxes.banner.height, `${width} × ${height}: one line`).toBeLessThan(40);
    await expect(page.locator('.banner strong')).toBeVisible();
  }
  files.end();
});

test('from so far that no card has words, cards and groups are still there to be pointed at', async ({ app, page }) => {
  const files = new Files();
  await app.live();
  await app.openFile(files.snapshot('1200.json', madeFleet(1_200)));
  const crowd = page.locator('.graph canvas.crowd');
  await expect(crowd).toHaveAttribute('data-things', /^\d{3,}$/);
  expect(await page.locator('.graph > svg *').count(), 'elements of 1,200 containers').toBeLessThan(1_200);
  await atRest(page);
  const box = await crowd.evaluate((canvas) => canvas.parentElement?.getBoundingClientRect().toJSON() as DOMRect);
  /** Moves the pointer over the picture until it is on such a thing, which becomes an element then. */
  const pointAt = async (selector: string) => {
    for (let y = box.height - 60; y > 60; y -= 7) {
      for (let x = 60; x < box.width; x += 97) {
        const at = { x: box.x + x, y: box.y + y };
        await page.mouse.move(at.x, at.y);
        if ((await page.locator(selector).count()) > 0) return at;
      }
    }
    throw new Error(`nothing there: ${selector}`);
  };
  const own = page.locator('.graph .nodes > .node[data-type="container"]');
  const card = await pointAt('.graph .nodes > .node[data-type="container"]');
  await expect(own).toHaveCount(1);
  await expect(page.locator('.graph .lens-card')).toBeVisible();
  const name = await own.getAttribute('data-name');
  await page.mouse.click(card.x, card.y);
  await expect(app.details.getByRole('heading', { level: 2 })).toHaveText(name ?? '');
  await expect(own).toHaveClass(/selected/);
  const painted = () =>
    crowd.evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      let [sum, blue] = [0, 0];
      for (let at = 0; at < data.length; at += 4) {
        const [r = 0, g = 0, b = 0] = data.slice(at, at + 3);
        sum = (sum * 31 + r + g + b) % 1_000_003;
        if (r === 11 && g === 92 && b === 173) blue += 1;
      }
      return { sum, blue };
    });
  const before = await painted();
  expect(before.blue).toBe(0);
  await app.search.fill('name:web2');
  // Its group stands out by the accent's colour.
  await expect.poll(async () => (await painted()).blue).toBeGreaterThan(20);
  await app.search.fill('');
  await expect.poll(painted).toEqual(before);
  await atRest(page);
  const group = await pointAt('.graph .groups > .group.far:hover');
  await expect(page.locator('.graph .groups > .group.far:hover title')).toHaveText(/: \d+/);
  await page.mouse.click(group.x, group.y);
  await expect(page.locator('.graph .node[data-type="container"] text').first()).toBeVisible();
  files.end();
});
