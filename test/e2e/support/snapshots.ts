import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ContainerSketch, snapshotOf } from '../../../src/core/snapshot/build.testing.ts';
import { encodeSnapshot } from '../../../src/core/snapshot/decode.ts';
import type { Snapshot } from '../../../src/core/snapshot/snapshot.ts';

/** Pods of four containers with one network namespace, until there are enough. */
export function manyContainers(count: number): Snapshot {
  const sketches = Array.from({ length: count }, (_, index): ContainerSketch => {
    const pod = Math.floor(index / 4);
    const name = `pod${pod}-${index % 4}`;
    if (index % 4 === 0) return { name };
    return {
      name,
      namespaces: { net: `pod${pod}-0`, ...(index % 8 < 4 ? { ipc: `pod${pod}-0` } : {}) },
      ...(index % 11 === 0 ? { running: false } : {}),
    };
  });
  return snapshotOf({ containers: sketches });
}

/** Files for a test to open; gone at its end. */
export class Files {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bulkhead-e2e-'));

  snapshot(name: string, snapshot: Snapshot): string {
    return this.text(name, encodeSnapshot(snapshot));
  }

  text(name: string, text: string | Uint8Array): string {
    const path = join(this.#folder, name);
    writeFileSync(path, text);
    return path;
  }

  end(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
