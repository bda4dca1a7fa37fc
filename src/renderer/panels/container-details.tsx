import { publishedPlace } from '#core/answer/reach-choices.ts';
import { causeSentence } from '#core/answer/why.ts';
import { commandName } from '#core/enter/command-line.ts';
import { flagToJoin } from '#core/sharing/flags.ts';
import { type ContainerStanding, HOST } from '#core/sharing/sharing.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';
import type { Container } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { commas, t } from '#core/words/words.ts';
import { ContainerHolds } from '../detail/holds.tsx';
import { Copy, CopyButton } from '../ui/copy.tsx';
import { rich } from '../ui/rich.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { ReachButton } from '../workbench/reach-button.tsx';
import { ContainerTools } from '../workbench/tools.tsx';
import { enterCommand, listCommand } from './commands.ts';
import { ContainerFacts } from './container-facts.tsx';
import { IsolationSection } from './isolation-section.tsx';
import { MemberLink, MemberLinks, NamespaceLink, type Nav } from './nav.tsx';
import { ProcessTree } from './process-tree.tsx';
import { NestedContainers } from './services.tsx';

/** Partners that are named in a row, and where the host is one of them; the namespace's own page lists them all. */
const MOST_PARTNERS = 6;
const MOST_BESIDE_HOST = 3;
const MOST_GUESTS = 8;

function stateText({ state, exitCode }: Container): string {
  return state === 'exited' && exitCode !== null ? t('exited with code {code}', { code: exitCode }) : t(state);
}

function NamespaceRow({
  nav,
  container,
  kind,
  own,
}: {
  readonly nav: Nav;
  readonly container: Container;
  readonly kind: NamespaceKind;
  readonly own: ContainerStanding | undefined;
}) {
  const id = own?.namespace ?? null;
  const partners = (id === null ? undefined : nav.sharing.byNamespace.get(id))?.members.filter(
    (member) => member !== container.id,
  );
  const most = partners?.includes(HOST) ? MOST_BESIDE_HOST : MOST_PARTNERS;
  const guests = id === null ? [] : (nav.sharing.guests.get(id) ?? []);
  const standing = own?.standing ?? 'unknown';
  return (
    <li className={`k-${kind}`}>
      <div className="row">
        <span className="swatch" aria-hidden="true" />
        <strong className="kind">{kind}</strong>
        <span className={`standing ${standing}`}>{t(standing)}</span>
        {id !== null && (
          <>
            <NamespaceLink nav={nav} id={id} />
            <CopyButton text={id} label={id} />
          </>
        )}
      </div>
      {own?.cause && <p className="cause">{visibleText(causeSentence(container.name, own.cause))}</p>}
      {standing === 'unknown' && (
        <p className="cause">
          {container.pid === null
            ? t('It is not running, so it has none.')
            : t('It could not be read: see the notices below.')}
        </p>
      )}
      {partners !== undefined && partners.length > 0 && (
        <p>
          {partners.length > most
            ? rich('with {members} and {n, number} more', {
                members: <MemberLinks nav={nav} members={partners.slice(0, most)} />,
                n: partners.length - most,
              })
            : rich('with {members}', { members: <MemberLinks nav={nav} members={partners} /> })}
        </p>
      )}
      {own !== undefined && own.elsewhere.length > 0 && (
        <p>
          {t('{n, plural, one {# process} other {# processes}} of this container in another one: see below', {
            n: own.elsewhere.length,
          })}
        </p>
      )}
      {guests.length > 0 && (
        <p>{t('Entered from outside by pid {pids}', { pids: commas(guests.slice(0, MOST_GUESTS).map(String)) })}</p>
      )}
    </li>
  );
}

/** Asks whether another machine gets in by a published port. */
function PublishedReach({ port }: { readonly port: Container['ports'][number] }) {
  const to = publishedPlace(port);
  return to === null ? null : <ReachButton draft={{ from: 'outside', to }} />;
}

/** Everything known of one container. */
export function ContainerDetails({ nav, container }: { readonly nav: Nav; readonly container: Container }) {
  const { sharing, snapshot } = nav;
  const standing = sharing.containers.get(container.id);
  const broken = sharing.broken.filter((share) => share.container === container.id);
  const processes = snapshot.processes.filter((process) => process.container === container.id);
  const elsewhere = new Set(standing === undefined ? [] : NAMESPACE_KINDS.flatMap((kind) => standing[kind].elsewhere));
  const published = container.ports.filter((port) => port.hostPort !== null);
  const exposed = container.ports.filter((port) => port.hostPort === null);
  const project = container.labels['com.docker.compose.project'];
  const service = container.labels['com.docker.compose.service'];
  const id = container.id.slice(0, 12);
  const name = commandName(container);
  return (
    <>
      <h2 title={visibleText(container.name)}>{visibleText(container.name)}</h2>
      <ContainerTools container={container} />
      <dl>
        <dt>{t('State')}</dt>
        <dd>
          <span className={`state ${container.state}`}>{stateText(container)}</span>
        </dd>
        <dt>{t('Image')}</dt>
        <dd>
          <Copy text={visibleText(container.image)} label={t('image')} />
        </dd>
        <dt>{t('Id')}</dt>
        <dd>
          <Copy text={id} label={t('container id')} />
        </dd>
        {container.pid !== null && (
          <>
            <dt>{t('Init pid')}</dt>
            <dd>
              <Copy text={String(container.pid)} label={t('init pid')} />
            </dd>
          </>
        )}
        {project !== undefined && (
          <>
            <dt>Compose</dt>
            <dd>
              {visibleText(project)}
              {service === undefined ? '' : ` / ${visibleText(service)}`}
            </dd>
          </>
        )}
        <dt>{t('Command')}</dt>
        <dd>
          {container.command.length === 0 ? (
            t('unknown')
          ) : (
            <Copy text={visibleText(container.command.join(' '))} label={t('command')} />
          )}
        </dd>
        <dt>{t('Ports')}</dt>
        <dd>
          {published.length === 0 && exposed.length === 0 && t('none')}
          {published.map((port) => (
            <div key={`${port.hostIp}:${port.hostPort}:${port.containerPort}/${port.protocol}`}>
              {`${port.hostIp ?? ''}:${port.hostPort} → ${port.containerPort}/${visibleText(port.protocol)}`}{' '}
              <PublishedReach port={port} />
            </div>
          ))}
          {exposed.length > 0 && (
            <div className="muted">
              {t('{ports} not published', {
                ports: commas(exposed.map((port) => `${port.containerPort}/${visibleText(port.protocol)}`)),
              })}
            </div>
          )}
        </dd>
        {container.networks.length > 0 && (
          <>
            <dt>{t('Networks')}</dt>
            <dd>
              {container.networks.map((network) => (
                <div key={network.name}>
                  {visibleText(network.name)} <span className="muted">{visibleText(network.ip ?? '')}</span>
                </div>
              ))}
            </dd>
          </>
        )}
      </dl>

      {broken.length > 0 && <ExplainedHeading part="broken" title={t('Broken shares')} />}
      {broken.map((share) => (
        <p key={share.kind} className="finding danger">
          <strong>
            {t('{kind}: declared {declared}', { kind: share.kind, declared: visibleText(share.declared) })}
          </strong>
          {visibleText(share.text)}{' '}
          {share.target !== null && (
            <span>{rich('Named: {container}', { container: <MemberLink nav={nav} member={share.target} /> })}</span>
          )}
        </p>
      ))}

      <ExplainedHeading part="namespaces" title={t('Namespaces')} />
      <ul className="namespaces">
        {NAMESPACE_KINDS.map((kind) => (
          <NamespaceRow key={kind} nav={nav} container={container} kind={kind} own={standing?.[kind]} />
        ))}
      </ul>

      <IsolationSection nav={nav} container={container} />

      <NestedContainers nav={nav} container={container.id} />

      <ContainerFacts container={container} />

      <ContainerHolds container={container} init={processes.find(({ pid }) => pid === container.pid) ?? null} />

      <ExplainedHeading
        part="processes"
        title={
          processes.length === 0
            ? t('Processes')
            : t('{n, plural, one {# process} other {# processes}}', { n: processes.length })
        }
      />
      <ProcessTree
        nav={nav}
        processes={processes}
        name={t('Processes of {name}', { name: visibleText(container.name) })}
        mark={(process, depth) =>
          process.belongs?.starting === true
            ? t('being set up')
            : process.belongs?.disagrees === true
              ? t('outside its cgroup')
              : elsewhere.has(process.pid)
                ? t('other namespaces')
                : depth === 0 && container.pid !== null && process.pid !== container.pid
                  ? 'exec'
                  : null
        }
      />

      <ExplainedHeading part="commands" title={t('Commands')} />
      <div className="commands">
        {container.pid !== null && (
          <>
            <Copy text={listCommand(container.pid)} label={t('ls command')} />
            <Copy text={enterCommand(container.pid, 'all')} label={t('nsenter command')} />
          </>
        )}
        <Copy text={`docker inspect ${name}`} label={t('inspect command')} />
        {container.state === 'running' && (
          <>
            <Copy text={`docker exec -it ${name} sh`} label={t('exec command')} />
            <Copy text={`docker run ${flagToJoin('net', name)} IMAGE`} label={t('run command')} />
          </>
        )}
      </div>
      {snapshot.host.role !== 'linux' && container.pid !== null && (
        <p className="muted">
          {t('The first two work inside the Linux that the engine runs on, not on your desktop.')}
        </p>
      )}
    </>
  );
}
