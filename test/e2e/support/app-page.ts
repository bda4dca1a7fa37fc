import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';

/** The page as a user finds their way in it: by roles and names. */
export class AppPage {
  readonly page: Page;
  /** What the page threw or logged as an error so far. */
  readonly errors: string[] = [];
  readonly search: Locator;
  readonly details: Locator;
  readonly status: Locator;
  readonly table: Locator;
  readonly graph: Locator;

  constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(message.text());
    });
    this.search = page.getByRole('searchbox', { name: 'Search' });
    this.details = page.getByRole('complementary', { name: 'Details' });
    this.status = page.getByRole('contentinfo');
    this.table = page.getByRole('grid');
    this.graph = page.getByRole('application');
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
  }

  /** Waits until the picture is live. */
  async live(): Promise<void> {
    await expect(this.status).toContainText(/^Live/);
  }

  /** A container's box in the picture. */
  node(name: string): Locator {
    return this.page.locator(`.graph .node[data-name=${JSON.stringify(name)}]`);
  }

  /** The lines of shares of a kind that are in force. */
  lines(kind: string): Locator {
    return this.page.locator(`.graph .link:not(.broken)[data-kinds~=${JSON.stringify(kind)}]`);
  }

  /** The lines of shares that are declared and not in force. */
  brokenLines(): Locator {
    return this.page.locator('.graph .link.broken');
  }

  /** Selects a container through the search, which works at any zoom. */
  async select(name: string): Promise<void> {
    await this.search.fill(`name:${name}`);
    await this.search.press('Enter');
    await expect(this.details.getByRole('heading', { level: 2 })).toHaveText(name);
    await this.search.fill('');
  }

  /** The row of a kind in the details of a container. */
  namespaceRow(kind: string): Locator {
    return this.details.locator(`.namespaces > li.k-${kind}`);
  }

  /** A file that a command gives, with its content. */
  async download(start: () => Promise<void>): Promise<{ readonly name: string; readonly content: Buffer }> {
    const [download] = await Promise.all([this.page.waitForEvent('download'), start()]);
    return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
  }

  async exportAs(label: string): Promise<{ readonly name: string; readonly content: Buffer }> {
    await this.page.getByRole('button', { name: 'Export', exact: true }).click();
    return this.download(() => this.page.getByRole('menuitem', { name: label }).click());
  }

  /** Opens a file by the button, as a person does. */
  async openFile(path: string): Promise<void> {
    const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), this.pressOpen()]);
    await chooser.setFiles(path);
    // What the page says of it, first that it is being read.
    await expect(this.page.locator('.banner', { hasText: basename(path) })).toBeVisible();
    await expect(this.page.getByRole('progressbar')).toHaveCount(0);
  }

  /** The button for a file, or the item of the menu that holds what has no room in the bar. */
  private async pressOpen(): Promise<void> {
    const button = this.page.getByRole('button', { name: 'Open…' });
    const more = this.page.getByRole('button', { name: 'More', exact: true });
    await expect(button.or(more)).toBeVisible();
    if (await button.isVisible()) await button.click();
    else {
      await more.click();
      await this.page.getByRole('menuitem', { name: 'Open Snapshot…' }).click();
    }
  }

  /** Chooses what fills the stage, by its button or, where there is no room for buttons, by the menu. */
  async show(view: 'Graph' | 'Both' | 'Table' | 'Processes' | 'Levels' | 'Wiring' | 'Resources'): Promise<void> {
    const button = this.page.getByRole('button', { name: view, exact: true });
    const menu = this.page.getByRole('button', { name: /^View: / });
    await expect(button.or(menu)).toBeVisible();
    if (await button.isVisible()) await button.click();
    else {
      await menu.click();
      await this.page.getByRole('menuitemradio', { name: view }).click();
    }
  }

  /** Drops a file on the page. */
  async dropFile(name: string, content: string | Uint8Array): Promise<void> {
    const data = await this.page.evaluateHandle(
      ({ fileName, bytes }) => {
        const transfer = new DataTransfer();
        transfer.items.add(new File([Uint8Array.from(bytes)], fileName));
        return transfer;
      },
      { fileName: name, bytes: [...Buffer.from(content)] },
    );
    await this.page.locator('.app').dispatchEvent('drop', { dataTransfer: data });
  }

  /** What was copied last. */
  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }
}
