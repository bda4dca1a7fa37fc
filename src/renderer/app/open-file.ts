import { isRecording } from '#core/recording/blocks.ts';
import { decodeSnapshotFile, LARGEST_SNAPSHOT_BYTES, tooLarge } from '#core/snapshot/decode.ts';
import { visibleText } from '#core/text/visible.ts';
import type { Store } from '../state/store.ts';
import { openRecording } from './open-recording.ts';

/** Shows a saved snapshot or a recording; a file that is neither changes nothing and says why. */
export async function openFile(file: File, store: Store): Promise<void> {
  const refuse = (reason: string): void =>
    store.dispatch({ type: 'failure', failure: `${visibleText(file.name)} cannot be opened. ${reason}` });
  if (file.size > LARGEST_SNAPSHOT_BYTES) {
    refuse(tooLarge(file.size));
    return;
  }
  let bytes: ArrayBuffer;
  try {
    bytes = await file.arrayBuffer();
  } catch (thrown) {
    // A folder, or a file that went away.
    refuse(`It could not be read (${thrown instanceof Error ? thrown.message : String(thrown)}).`);
    return;
  }
  if (isRecording(new Uint8Array(bytes))) {
    await openRecording(new Uint8Array(bytes), file.name, store, refuse);
    return;
  }
  const decoded = decodeSnapshotFile(new Uint8Array(bytes), (part, encoding) =>
    new TextDecoder(encoding, { fatal: true }).decode(part),
  );
  if (decoded.ok) store.dispatch({ type: 'open-file', name: file.name, snapshot: decoded.snapshot });
  else refuse(decoded.message);
}

/** Asks for a file of a snapshot or a recording, and shows it. */
export function pickFile(store: Store): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,application/json,.bulkhead';
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file !== undefined) void openFile(file, store);
  });
  input.click();
}
