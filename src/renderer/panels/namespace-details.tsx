import { KIND_NAME, MEANING } from '#core/sharing/describe.ts';
import { HOST } from '#core/sharing/sharing.ts';
import { namespaceName } from '#core/snapshot/namespace-name.ts';
import { pinText } from '#core/snapshot/pin-text.ts';
import type { Namespace } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { NamespaceHolds } from '../detail/holds.tsx';
import { Copy } from '../ui/copy.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { count } from '../ui/words.ts';
import { enterCommand, enterPinCommand } from './commands.ts';
import { MemberLink, NamespaceLink, type Nav } from './nav.tsx';
import { ProcessTree } from './process-tree.tsx';

/** Everything known of one namespace. */
export function NamespaceDetails({ nav, namespace }: { readonly nav: Nav; readonly namespace: Namespace }) {
  const { snapshot, sharing } = nav;
  const { id, kind } = namespace;
  const shared = sharing.byNamespace.get(id);
  const isHost = snapshot.host.namespaces[kind] === id;
  const members =
    shared?.members ??
    (isHost
      ? [HOST]
      : [...sharing.containers].filter(([, kinds]) => kinds[kind].namespace === id).map(([member]) => member));
  const processes = namespace.pids.flatMap((pid) => nav.processes.get(pid) ?? []);
  const guests = new Set(sharing.guests.get(id) ?? []);
  const leader = processes[0];
  const given = leader === undefined ? namespaceName(namespace) : null;
  const mounts = namespace.pins.filter((pin) => pin.type === 'mount');
  return (
    <>
      <h2>
        <span className={`swatch k-${kind}`} aria-hidden="true" /> {t(KIND_NAME[kind])} namespace
        {given !== null && ` ${visibleText(given.name)}`}
      </h2>
      <Copy text={id} label="namespace id" />
      <p>
        <span className="muted">For all who are in it:</span> {t(MEANING[kind])}
      </p>
      <dl>
        <dt>Members</dt>
        <dd>
          {members.length === 0 && 'no container, and not the host'}
          <ul className="members">
            {members.map((member) => {
              const cause = shared?.causes.get(member);
              return (
                <li key={member}>
                  <MemberLink nav={nav} member={member} />{' '}
                  {cause !== undefined && <span className="muted">{visibleText(cause.text)}</span>}
                </li>
              );
            })}
          </ul>
        </dd>
        <dt>Owner</dt>
        <dd>
          {namespace.owner === null ? 'unknown' : <NamespaceLink nav={nav} id={namespace.owner} />}
          {namespace.ownerUid !== null && <span className="muted"> created by uid {namespace.ownerUid}</span>}
        </dd>
        <dt>Parent</dt>
        <dd>
          {namespace.parent !== null ? (
            <NamespaceLink nav={nav} id={namespace.parent} />
          ) : kind === 'pid' || kind === 'user' ? (
            'not visible from here'
          ) : (
            `none: ${kind} namespaces have no hierarchy`
          )}
        </dd>
        <dt>Initial</dt>
        <dd>{namespace.initial ? 'yes: the kernel made it at boot' : 'no'}</dd>
        <dt>Leader</dt>
        <dd>
          {leader === undefined ? (
            'no process is in it'
          ) : (
            <>
              <Copy text={String(leader.pid)} label="leader pid" /> {visibleText(leader.comm)}
            </>
          )}
        </dd>
        <dt>Pins</dt>
        <dd>
          {namespace.pins.length === 0 && 'none'}
          {namespace.pins.map((pin) => (
            <div key={JSON.stringify(pin)}>{visibleText(pinText(pin, nav.processes))}</div>
          ))}
        </dd>
      </dl>
      <NamespaceHolds namespace={namespace} />
      <ExplainedHeading part="processes" title={count(processes.length, 'process', 'processes')} />
      <ProcessTree
        nav={nav}
        processes={processes}
        name={`Processes in ${id}`}
        mark={(process) => (guests.has(process.pid) ? 'from outside' : null)}
      />
      {(leader !== undefined || mounts.length > 0) && <ExplainedHeading part="commands" title="Commands" />}
      <div className="commands">
        {leader !== undefined && (
          <>
            <Copy text={`sudo ls -l /proc/${leader.pid}/ns/${kind}`} label="ls command" />
            <Copy text={enterCommand(leader.pid, [kind])} label="nsenter command" />
          </>
        )}
        {mounts.map((pin) => (
          <Copy key={pin.path} text={enterPinCommand(visibleText(pin.path), kind)} label="nsenter command" />
        ))}
      </div>
    </>
  );
}
