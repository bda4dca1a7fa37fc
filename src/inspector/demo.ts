import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeSnapshot } from '#core/snapshot/decode.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { t } from '#core/words/words.ts';
import { failure } from './failure.ts';

/** The recording stands in `resources`, beside `out` (built) and beside `src` (in tests). */
export async function readDemo(): Promise<Snapshot> {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < 6; level++) {
    const text = await readFile(join(folder, 'resources', 'demo-snapshot.json'), 'utf8').catch(() => null);
    if (text !== null) {
      const decoded = decodeSnapshot(text);
      if (!decoded.ok) throw failure('demo', decoded.message);
      return { ...decoded.snapshot, demo: true };
    }
    folder = dirname(folder);
  }
  throw failure('demo', () =>
    t('The recorded snapshot is missing: resources/demo-snapshot.json. Install Bulkhead again.'),
  );
}
