import type { Sharing } from '../sharing/sharing.ts';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import type { Container } from '../snapshot/snapshot.ts';

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

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
    const joined = new Set(
      containers.filter((each) => each.networks.some(({ name }) => wide.some(([wideName]) => wideName === name))),
    ).size;
    const wiring =
      wide.length === 0
        ? '.'
        : `; ${counted(wide.length, 'network connects', 'networks connect')} ${joined} containers: see Wiring.`;
    out.push(`Nothing is shared beyond the defaults${wiring}`);
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
    const who = count === running.length ? `all ${count}` : `${count} of ${running.length}`;
    out.push(
      `${kinds.join(', ')}: the machine's own, by default, for ${count === 1 && running.length === 1 ? 'it' : who}`,
    );
  }
  return out;
}
