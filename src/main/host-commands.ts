import type { HostCommand } from '#api/contract.ts';

/** Commands of menus and of the system for the page. What is said before a page listens is kept for the first that does. */
export function createHostCommands() {
  const listeners = new Set<(command: HostCommand) => void>();
  const waiting: HostCommand[] = [];
  return {
    say(command: HostCommand): void {
      if (listeners.size === 0) waiting.push(command);
      for (const listener of listeners) listener(command);
    },
    subscribe(listener: (command: HostCommand) => void): () => void {
      listeners.add(listener);
      for (const command of waiting.splice(0)) listener(command);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
