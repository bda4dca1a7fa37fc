import type { SubscriptionEvent, TerminalTarget } from '../../src/api/contract.ts';
import type { Inspector } from '../../src/inspector/inspector.ts';

export interface TerminalResult {
  /** All that it printed, without carriage returns. */
  readonly text: string;
  readonly code: number | null;
  /** Why there was none, or why it ended; empty for an end of its own. */
  readonly message: string;
  /** What was said before it started. */
  readonly notices: readonly string[];
}

/** Runs a command in a terminal of 200 × 50 to its end. `onOpened` is called when it runs. */
export function runTerminal(
  inspector: Inspector,
  endpoint: string,
  target: TerminalTarget,
  onOpened?: () => void,
): Promise<TerminalResult> {
  return new Promise((resolve) => {
    let text = '';
    const notices: string[] = [];
    const stop = inspector.subscribe.terminal(
      { endpoint, target, columns: 200, rows: 50 },
      (event: SubscriptionEvent<'terminal'>) => {
        if (event.type === 'opened') onOpened?.();
        else if (event.type === 'notice') notices.push(event.message);
        else if (event.type === 'output') text += Buffer.from(event.data, 'base64').toString();
        else {
          // Not while its own event is being told.
          queueMicrotask(() => stop());
          resolve({ text: text.replaceAll('\r', ''), code: event.code, message: event.message, notices });
        }
      },
    );
  });
}
