import { decodeSnapshot } from '#core/snapshot/decode.ts';
import { visibleText } from '#core/text/visible.ts';
import type { Store } from '../state/store.ts';

/** The text is held twice while it is read, and a snapshot of 20,000 processes is about 25 MB. */
const LARGEST_BYTES = 256 * 1024 * 1024;

/** Shows a saved snapshot; a file that is none changes nothing and says why. */
export async function openFile(file: File, store: Store): Promise<void> {
  const refuse = (reason: string): void =>
    store.dispatch({ type: 'failure', failure: `${visibleText(file.name)} cannot be opened. ${reason}` });
  if (file.size > LARGEST_BYTES) {
    refuse(`It has ${Math.round(file.size / 1024 / 1024)} MB; no snapshot is that large.`);
    return;
  }
  let text: string;
  try {
    text = await file.text();
  } catch (thrown) {
    // A folder, or a file that went away.
    refuse(`It could not be read (${thrown instanceof Error ? thrown.message : String(thrown)}).`);
    return;
  }
  const decoded = decodeSnapshot(text);
  if (decoded.ok) store.dispatch({ type: 'open-file', name: file.name, snapshot: decoded.snapshot });
  else refuse(decoded.message);
}
