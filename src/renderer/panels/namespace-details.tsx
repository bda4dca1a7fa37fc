import { KIND_NAME, MEANING } from '#core/sharing/describe.ts';
import { HOST } from '#core/sharing/sharing.ts';
import { namespaceName } from '#core/snapshot/namespace-name.ts';
import { pinTexts } from '#core/snapshot/pin-text.ts';
import type { Namespace } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { NamespaceHolds } from '../detail/holds.tsx';
import { Copy } from '../ui/copy.tsx';
import { rich } from '../ui/rich.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
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
        <span className={`swatch k-${kind}`} aria-hidden="true" />{' '}
        {given === null
          ? t('{kind} namespace', { kind: t(KIND_NAME[kind]) })
          : t('{kind} namespace {name}', { kind: t(KIND_NAME[kind]), name: visibleText(given.name) })}
      </h2>
      <Copy text={id} label={t('namespace id')} />
      <p>
        {rich('<muted>For everyone in it:</muted> {meaning}', {
          muted: (inner) => <span className="muted">{inner}</span>,
          meaning: t(MEANING[kind]),
        })}
      </p>
      <dl>
        <dt>{t('Members')}</dt>
        <dd>
          {members.length === 0 && t('no container, and not the host')}
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
        <dt>{t('Owner')}</dt>
        <dd>
          {namespace.owner === null ? t('unknown') : <NamespaceLink nav={nav} id={namespace.owner} />}
          {namespace.ownerUid !== null && (
            <span className="muted"> {t('created by uid {uid}', { uid: namespace.ownerUid })}</span>
          )}
        </dd>
        <dt>{t('Parent ⟨namespace⟩')}</dt>
        <dd>
          {namespace.parent !== null ? (
            <NamespaceLink nav={nav} id={namespace.parent} />
          ) : kind === 'pid' || kind === 'user' ? (
            t('not visible from here')
          ) : (
            t('none: {kind} namespaces have no hierarchy', { kind })
          )}
        </dd>
        <dt>{t('Initial')}</dt>
        <dd>{namespace.initial ? t('yes: the kernel made it at boot') : t('no')}</dd>
        <dt>{t('Leader')}</dt>
        <dd>
          {leader === undefined ? (
            t('no process is in it')
          ) : (
            <>
              <Copy text={String(leader.pid)} label={t('leader pid')} /> {visibleText(leader.comm)}
            </>
          )}
        </dd>
        <dt>{t('Pins')}</dt>
        <dd>
          {namespace.pins.length === 0 && t('none')}
          {pinTexts(namespace.pins, snapshot, nav.processes).map((text) => (
            <div key={text}>{visibleText(text)}</div>
          ))}
        </dd>
      </dl>
      <NamespaceHolds namespace={namespace} />
      <ExplainedHeading
        part="processes"
        title={t('{n, plural, one {# process} other {# processes}}', { n: processes.length })}
      />
      <ProcessTree
        nav={nav}
        processes={processes}
        name={t('Processes in {id}', { id })}
        mark={(process) => (guests.has(process.pid) ? t('from outside') : null)}
      />
      {(leader !== undefined || mounts.length > 0) && <ExplainedHeading part="commands" title={t('Commands')} />}
      <div className="commands">
        {leader !== undefined && (
          <>
            <Copy text={`sudo ls -l /proc/${leader.pid}/ns/${kind}`} label={t('ls command')} />
            <Copy text={enterCommand(leader.pid, [kind])} label={t('nsenter command')} />
          </>
        )}
        {mounts.map((pin) => (
          <Copy key={pin.path} text={enterPinCommand(visibleText(pin.path), kind)} label={t('nsenter command')} />
        ))}
      </div>
    </>
  );
}
