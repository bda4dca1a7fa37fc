import type { Page } from '@playwright/test';
import { zhCn } from '../../../src/core/words/zh-cn/zh-cn.ts';

/** Words of the kernel, of Docker and of other programs that Chinese uses as they are, as far as they come in rows. */
const OWN: ReadonlySet<string> = new Set(
  `mnt pid net ipc uts user cgroup time host root init veth bridge seccomp apparmor namespace capability
   bulkhead docker podman linux debian engine community desktop compose graphviz mermaid shell exec tcp udp ipv
   escape ctrl shift alt page up down home end enter delete space dot svg png pdf json`.split(/\s+/),
);

const CATALOGUE: Readonly<Record<string, string>> = zhCn;

/** Messages of ours in English (a single word may be one of the kernel or of a name), and rows of three English words and more that are no words of the kernel or of Docker. */
export function englishIn(text: string): string[] {
  const chinese = Object.hasOwn(CATALOGUE, text) ? CATALOGUE[text] : undefined;
  if (chinese !== undefined && chinese !== text && /^[A-Z]| /.test(text)) return [text];
  const runs = text.match(/[A-Za-z][A-Za-z’'-]*(?:[ \u00a0]+[A-Za-z][A-Za-z’'-]*)+/g) ?? [];
  return runs.filter((run) => run.split(/[ \u00a0]+/).filter((word) => !OWN.has(word.toLowerCase())).length >= 3);
}

/** What the page says: texts that can be seen or heard, without what is copied, typed or printed by programs. */
export function saidBy(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const skipped = 'code, pre, kbd, textarea, .xterm, .licence, script, style, [lang]:not(html), tbody .c-command';
    const seen = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true });
    const said: string[] = [document.title];
    // What is copied is named by itself where it has no other name.
    const commands = [...document.querySelectorAll('code')].map(({ textContent }) => textContent ?? '');
    const withoutCommands = (text: string): string =>
      commands.reduce((left, command) => (command.includes(' ') ? left.replaceAll(command, '') : left), text);
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const parent = node.parentElement;
      // A process's command line.
      if (parent === null || parent.closest(skipped) !== null || parent.matches('td.line')) continue;
      // A title within a picture is never visible by itself, and is shown when pointed at; options are in a list.
      const shown = parent.matches('title, option') ? (parent.parentElement ?? parent) : parent;
      if (seen(shown)) said.push(node.textContent ?? '');
    }
    for (const name of ['title', 'aria-label', 'aria-valuetext', 'aria-description', 'placeholder', 'alt', 'label']) {
      for (const element of document.querySelectorAll(`[${name}]`)) {
        if (element.closest(skipped) === null && !element.matches('td.line') && seen(element))
          said.push(element.getAttribute(name) ?? '');
      }
    }
    // A path begins the command line of a process.
    return [...new Set(said.map((text) => withoutCommands(text).trim()))].filter(
      (text) => text !== '' && !text.startsWith('/'),
    );
  });
}
