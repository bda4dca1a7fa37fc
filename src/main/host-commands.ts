import type { HostCommand } from '#api/contract.ts';

/**
 * Commands of menus and of the system: each is for the page in front alone. What is said before that page listens is
 * kept for the first that does.
 * @param front the page whose window is in front; null without one
 */
export function createHostCommands<Page extends object>(front: () => Page | null) {
  const listeners = new WeakMap<Page, Set<(command: HostCommand) => void>>();
  const waiting: HostCommand[] = [];
  return {
    say(command: HostCommand): void {
      const page = front();
      const listening = page === null ? undefined : listeners.get(page);
      if (listening === undefined || listening.size === 0) waiting.push(command);
      else for (const listener of listening) listener(command);
    },
    subscribe(page: Page, listener: (command: HostCommand) => void): () => void {
      const listening = listeners.get(page) ?? new Set();
      listeners.set(page, listening);
      listening.add(listener);
      for (const command of waiting.splice(0)) listener(command);
      return () => {
        listening.delete(listener);
      };
    },
  };
}
