import type { PlainMessage } from '#core/words/words.ts';

/** A right that a helper asks for, and why. Everything else is dropped. */
export interface Capability {
  readonly name: string;
  readonly reason: string;
}

/** What the helper that reads has of root's rights: to look at processes of other users. */
export const READING: readonly (Capability & { readonly reason: PlainMessage })[] = [
  {
    name: 'SYS_PTRACE',
    reason: 'to read /proc/<pid>/ns, root and fd of processes of other users (ptrace(2), READ check)',
  },
  { name: 'DAC_READ_SEARCH', reason: 'to read /proc entries whose mode hides them from other users (proc(5))' },
];
