import { decodeSnapshotFile, LARGEST_SNAPSHOT_BYTES, tooLarge } from '#core/snapshot/decode.ts';
import { visibleText } from '#core/text/visible.ts';
import type { Store } from '../state/store.ts';

/** Shows a saved snapshot; a file that is none changes nothing and says why. */
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
  const decoded = decodeSnapshotFile(new Uint8Array(bytes), (part, encoding) =>
    new TextDecoder(encoding, { fatal: true }).decode(part),
  );
  if (decoded.ok) store.dispatch({ type: 'open-file', name: file.name, snapshot: decoded.snapshot });
  else refuse(decoded.message);
}

/** Asks for a snapshot file, and shows it. */
export function pickFile(store: Store): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,application/json';
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file !== undefined) void openFile(file, store);
  });
  input.click();
}
