/** Sends what is typed into a terminal to its program. */
export interface Input {
  type(bytes: Uint8Array): void;
  /** The program runs: what was typed before goes first. */
  open(terminal: string): void;
  end(): void;
}

/**
 * Keeps the order of what is typed, one request at a time, and what is typed before the program runs.
 * @param send takes no more bytes than `most` at once
 * @param onFailure told of each request that fails while the terminal is not ended
 */
export function createInput(
  send: (terminal: string, bytes: Uint8Array) => Promise<unknown>,
  most: number,
  onFailure: (thrown: unknown) => void,
): Input {
  let terminal: string | null = null;
  let ended = false;
  let begin = (): void => {};
  let sending = new Promise<void>((resolve) => {
    begin = resolve;
  });
  return {
    type(bytes) {
      sending = sending
        .then(async () => {
          for (let at = 0; at < bytes.length && terminal !== null && !ended; at += most) {
            await send(terminal, bytes.subarray(at, at + most));
          }
        })
        .catch((thrown) => {
          if (!ended) onFailure(thrown);
        });
    },
    open(name) {
      terminal = name;
      begin();
    },
    end() {
      ended = true;
      begin();
    },
  };
}
