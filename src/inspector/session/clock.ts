/** Time, as a session needs it: given to it, so that tests can let it pass. */
export interface Clock {
  /** Unix time in milliseconds. */
  now(): number;
  /** Runs something once after so many milliseconds, unless the returned function is called before. */
  after(ms: number, run: () => void): () => void;
}

export const realClock: Clock = {
  now: Date.now,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
