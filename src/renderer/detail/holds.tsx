import { useState } from 'react';
import type { Subject } from '#core/detail/detail.ts';
import { comparisonSections } from '#core/detail/mount-sections.ts';
import { compareMounts } from '#core/detail/mount-tables.ts';
import { namespaceOwner } from '#core/detail/net-sections.ts';
import { detailSections } from '#core/detail/sections.ts';
import { waysSection } from '#core/detail/sections-nat.ts';
import { waysIn } from '#core/detail/way-in.ts';
import { netOf, publisherOf } from '#core/detail/way-in-owner.ts';
import { commandName } from '#core/enter/command-line.ts';
import type { Container, Namespace, Process } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { Fold } from '../ui/fold.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { dateTime } from '../ui/words.ts';
import { SameCommand, Sections } from './sections.tsx';
import { type Heard, useDetail } from './use-detail.ts';
import { useSource } from './use-source.ts';

function Problem({ heard }: { readonly heard: Heard }) {
  if (heard.error !== null) {
    return (
      <p className="reason" role="alert">
        {visibleText(heard.error)}
      </p>
    );
  }
  return heard.detail === null ? <p className="muted">{t('Looking…')}</p> : null;
}

interface BodyProps {
  readonly subject: Subject;
  readonly container: Container | null;
  readonly process: Process | null;
  readonly reachAs?: string | null;
}

function Body({ subject, container, process, reachAs = null }: BodyProps) {
  const source = useSource();
  const heard = useDetail(subject);
  return (
    <>
      <Problem heard={heard} />
      {source !== null && heard.detail !== null && (
        <Sections
          sections={detailSections(heard.detail, {
            snapshot: source.snapshot,
            container,
            process,
            reachAs,
            time: dateTime,
          })}
        />
      )}
    </>
  );
}

function Ways({ container, net }: { readonly container: Container; readonly net: string }) {
  const source = useSource();
  const own = useDetail({ type: 'namespace', id: net });
  const links = own.detail?.kind === 'net' ? own.detail.links : [];
  const outside = links.find(({ peer }) => peer?.namespace != null)?.peer?.namespace ?? null;
  const host = useDetail(outside === null ? null : { type: 'namespace', id: outside });
  if (source === null || own.detail === null) return <Problem heard={own} />;
  const inside = own.detail.kind === 'net' ? own.detail : null;
  const ways = waysIn(source.snapshot, container, links, host.detail?.kind === 'net' ? host.detail : null, inside);
  return <Sections sections={[waysSection(ways)]} />;
}

/** A container's quotas and ports, folded away until asked for; its namespaces have pages of their own. */
export function ContainerHolds({ container, init }: { readonly container: Container; readonly init: Process | null }) {
  const source = useSource();
  if (source === null || init === null) return null;
  const { pid, startTime, namespaces } = init;
  // The ports belong to the owner of the network namespace, and they lead to that namespace.
  const net = netOf(source.snapshot, publisherOf(source.snapshot, container)) ?? namespaces.net;
  const published =
    container.ports.some(({ hostPort }) => hostPort !== null) || container.modes.net.startsWith('container:');
  return (
    <>
      <ExplainedHeading part="holds" title={t('Limits, ports, main process')} />
      <Fold title={t('Limits and use')} part="limits">
        <Body subject={{ type: 'limits', pid, startTime }} container={container} process={init} />
      </Fold>
      {published && net !== null && (
        <Fold title={t('How its ports are reached')} part="publishedPorts">
          <Ways container={container} net={net} />
        </Fold>
      )}
      <Fold title={t('Main process (PID 1)')} part="process">
        <Body subject={{ type: 'process', pid, startTime }} container={container} process={init} />
      </Fold>
      <SameCommand target={commandName(container)} />
    </>
  );
}

/** What a process holds, beyond what the scan tells. */
export function ProcessHolds({ process }: { readonly process: Process }) {
  const source = useSource();
  if (source === null) return null;
  const { pid, startTime } = process;
  return (
    <Fold title={t('Memory, capabilities, threads')} part="process">
      <Body subject={{ type: 'process', pid, startTime }} container={null} process={process} />
    </Fold>
  );
}

function Comparison({ here, there, name }: { readonly here: string; readonly there: string; readonly name: string }) {
  const a = useDetail({ type: 'namespace', id: here });
  const b = useDetail({ type: 'namespace', id: there });
  if (a.detail?.kind !== 'mnt' || b.detail?.kind !== 'mnt') {
    return <Problem heard={a.error !== null ? a : b} />;
  }
  return (
    <Sections sections={comparisonSections(compareMounts(a.detail.mounts, b.detail.mounts), t('this one'), name)} />
  );
}

/** A mount namespace compared with another. */
function Compare({ id }: { readonly id: string }) {
  const source = useSource();
  const [there, setThere] = useState('');
  if (source === null) return null;
  const others = source.snapshot.namespaces.filter(
    (each) => each.kind === 'mnt' && each.id !== id && each.pids.length > 0,
  );
  const named = others.map((each) => ({ id: each.id, name: namespaceOwner(source.snapshot, each.id) }));
  const chosen = named.find((each) => each.id === there);
  return (
    <Fold title={t('Compare with another mount table')} part="comparison">
      <select
        aria-label={t('The other mount namespace')}
        value={there}
        onChange={(event) => setThere(event.target.value)}
      >
        <option value="">{t('Choose…')}</option>
        {named.map(({ id: each, name }) => (
          <option key={each} value={each}>
            {visibleText(name === each ? each : `${name} ${each}`)}
          </option>
        ))}
      </select>
      {chosen !== undefined && <Comparison here={id} there={chosen.id} name={chosen.name} />}
    </Fold>
  );
}

/** What a namespace holds, shown below it. */
export function NamespaceHolds({ namespace }: { readonly namespace: Namespace }) {
  const source = useSource();
  if (source === null) return null;
  const process = source.snapshot.processes.find(({ pid }) => pid === namespace.pids[0]);
  const container = source.snapshot.containers.find(({ id }) => id === process?.container) ?? null;
  const machine = source.snapshot.host.namespaces.net === namespace.id;
  return (
    <>
      <Fold title={t('Contents')} part="holds" open>
        <Body
          subject={{ type: 'namespace', id: namespace.id }}
          container={container}
          process={null}
          reachAs={machine ? '' : (container?.name ?? null)}
        />
      </Fold>
      {namespace.kind === 'mnt' && <Compare id={namespace.id} />}
      <SameCommand target={`'${namespace.id}'`} />
    </>
  );
}
