import type { Sharing } from '../sharing/sharing.ts';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import type { Container } from '../snapshot/snapshot.ts';
import { commas, t } from '../words/words.ts';

/** What is true of everybody by default, and where nothing is shared beyond that, the sentence that says so. */
export function remarksOf(
  containers: readonly Container[],
  sharing: Sharing,
  { shares, chosen }: { readonly shares: number; readonly chosen: number },
): string[] {
  const rows = containers.flatMap(({ id }) => sharing.containers.get(id) ?? []);
  const running = rows.filter((row) => NAMESPACE_KINDS.some((kind) => row[kind].namespace !== null));
  const out: string[] = [];
  if (running.length > 0 && shares + chosen === 0) {
    const networks = new Map<string, number>();
    for (const container of containers) {
      for (const { name } of container.networks) networks.set(name, (networks.get(name) ?? 0) + 1);
    }
    const wide = [...networks].filter(([, members]) => members > 1);
    const joined = containers.filter((each) => each.networks.some(({ name }) => (networks.get(name) ?? 0) > 1)).length;
    out.push(
      wide.length === 0
        ? t('Nothing is shared beyond the defaults.')
        : t(
            'Nothing is shared beyond the defaults; {networks, plural, one {# network connects} other {# networks connect}} {count, number} containers: see Wiring.',
            { networks: wide.length, count: joined },
          ),
    );
  }
  const kindsOf = new Map<number, string[]>();
  for (const kind of NAMESPACE_KINDS) {
    const count = running.filter(
      (row) => row[kind].standing === 'host' && row[kind].cause?.code === 'engine-default',
    ).length;
    if (count === 0) continue;
    const kinds = kindsOf.get(count);
    if (kinds === undefined) kindsOf.set(count, [kind]);
    else kinds.push(kind);
  }
  for (const [count, kinds] of kindsOf) {
    const told = { kinds: commas(kinds), count, all: running.length };
    out.push(
      count < running.length
        ? t('{kinds}: the machine’s own, by default, for {count, number} of {all, number}', told)
        : count === 1
          ? t('{kinds}: the machine’s own, by default, for it', told)
          : t('{kinds}: the machine’s own, by default, for all {count, number}', told),
    );
  }
  return out;
}
