import type { Process } from '../snapshot/snapshot.ts';

/** The name of the program that a process says it runs. */
export function programOf({ argv, comm }: Process): string {
  const word = argv[0] ?? comm;
  // A program that writes a title over its arguments leaves no path.
  return /^[\w./-]+$/.test(word) ? (word.split('/').at(-1) ?? comm) : comm;
}

/** The value of an option, with one dash or two; null where it is not given. */
export function optionOf({ argv }: Process, name: string): string | null {
  const at = argv.findIndex((word) => word === `-${name}` || word === `--${name}`);
  return at < 0 ? null : (argv[at + 1] ?? null);
}
