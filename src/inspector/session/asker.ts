/** Asked at a time: a storm of events must not open as many connections. */
const AT_A_TIME = 8;

/** Asks about names, a few at a time, and about each not twice at a time: answers of one name never overtake each other. */
export interface Asker {
  ask(name: string): void;
  /** Drops what is still to be asked about a name, and the answer that is under way. */
  forget(name: string): void;
}

/** @param ask its failure is no answer */
export function createAsker<T>(ask: (name: string) => Promise<T>, answered: (name: string, answer: T) => void): Asker {
  const waiting = new Set<string>();
  const running = new Map<string, { wanted: boolean }>();

  function next(): void {
    for (const name of waiting) {
      if (running.size >= AT_A_TIME) return;
      if (!running.has(name)) start(name);
    }
  }

  function start(name: string): void {
    waiting.delete(name);
    const question = { wanted: true };
    running.set(name, question);
    ask(name)
      .then(
        (answer) => {
          if (question.wanted) answered(name, answer);
        },
        () => {},
      )
      .finally(() => {
        running.delete(name);
        next();
      });
  }

  return {
    ask(name) {
      waiting.add(name);
      next();
    },
    forget(name) {
      waiting.delete(name);
      const question = running.get(name);
      if (question !== undefined) question.wanted = false;
    },
  };
}
