import { publishedPlace } from '#core/answer/reach-choices.ts';
import { causeSentence } from '#core/answer/why.ts';
import { commandName } from '#core/enter/command-line.ts';
import { flagToJoin } from '#core/sharing/flags.ts';
import { type ContainerStanding, HOST } from '#core/sharing/sharing.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';
import type { Container } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { ContainerHolds } from '../detail/holds.tsx';
import { Copy, CopyButton } from '../ui/copy.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { count } from '../ui/words.ts';
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

const WORDS = {
  private: 'private',
  shared: 'shared',
  host: 'host',
  unknown: 'unknown',
} as const;

function stateText({ state, exitCode }: Container): string {
  return state === 'exited' && exitCode !== null ? `exited with code ${exitCode}` : state;
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
        <span className={`standing ${standing}`}>{WORDS[standing]}</span>
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
          {container.pid === null ? 'It does not run, so it has none.' : 'It could not be read: see the notices below.'}
        </p>
      )}
      {partners !== undefined && partners.length > 0 && (
        <p>
          with <MemberLinks nav={nav} members={partners.slice(0, most)} />
          {partners.length > most && ` and ${partners.length - most} more`}
        </p>
      )}
      {own !== undefined && own.strays.length > 0 && (
        <p>{count(own.strays.length, 'process')} of this container in another one: see below</p>
      )}
      {guests.length > 0 && <p>Entered from outside by pid {guests.slice(0, 8).join(', ')}</p>}
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
  const strays = new Set(standing === undefined ? [] : NAMESPACE_KINDS.flatMap((kind) => standing[kind].strays));
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
        <dt>State</dt>
        <dd>
          <span className={`state ${container.state}`}>{stateText(container)}</span>
        </dd>
        <dt>Image</dt>
        <dd>
          <Copy text={visibleText(container.image)} label="image" />
        </dd>
        <dt>Id</dt>
        <dd>
          <Copy text={id} label="container id" />
        </dd>
        {container.pid !== null && (
          <>
            <dt>Init pid</dt>
            <dd>
              <Copy text={String(container.pid)} label="init pid" />
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
        <dt>Command</dt>
        <dd>
          {container.command.length === 0 ? (
            'unknown'
          ) : (
            <Copy text={visibleText(container.command.join(' '))} label="command" />
          )}
        </dd>
        <dt>Ports</dt>
        <dd>
          {published.length === 0 && exposed.length === 0 && 'none'}
          {published.map((port) => (
            <div key={`${port.hostIp}:${port.hostPort}:${port.containerPort}/${port.protocol}`}>
              {`${port.hostIp ?? ''}:${port.hostPort} → ${port.containerPort}/${visibleText(port.protocol)}`}{' '}
              <PublishedReach port={port} />
            </div>
          ))}
          {exposed.length > 0 && (
            <div className="muted">
              {exposed.map((port) => `${port.containerPort}/${visibleText(port.protocol)}`).join(', ')} not published
            </div>
          )}
        </dd>
        {container.networks.length > 0 && (
          <>
            <dt>Networks</dt>
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

      {broken.length > 0 && <ExplainedHeading part="broken" title="Broken shares" />}
      {broken.map((share) => (
        <p key={share.kind} className="finding danger">
          <strong>
            {share.kind}: declared {visibleText(share.declared)}
          </strong>
          {visibleText(share.text)}{' '}
          {share.target !== null && (
            <span>
              Named: <MemberLink nav={nav} member={share.target} />
            </span>
          )}
        </p>
      ))}

      <ExplainedHeading part="namespaces" title="Namespaces" />
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
        title={processes.length === 0 ? 'Processes' : count(processes.length, 'process', 'processes')}
      />
      <ProcessTree
        nav={nav}
        processes={processes}
        name={`Processes of ${visibleText(container.name)}`}
        mark={(process, depth) =>
          process.belongs?.starting === true
            ? 'being set up'
            : process.belongs?.disagrees === true
              ? 'outside its cgroup'
              : strays.has(process.pid)
                ? 'other namespaces'
                : depth === 0 && container.pid !== null && process.pid !== container.pid
                  ? 'exec'
                  : null
        }
      />

      <ExplainedHeading part="commands" title="Commands" />
      <div className="commands">
        {container.pid !== null && (
          <>
            <Copy text={listCommand(container.pid)} label="ls command" />
            <Copy text={enterCommand(container.pid, 'all')} label="nsenter command" />
          </>
        )}
        <Copy text={`docker inspect ${name}`} label="inspect command" />
        {container.state === 'running' && (
          <>
            <Copy text={`docker exec -it ${name} sh`} label="exec command" />
            <Copy text={`docker run ${flagToJoin('net', name)} IMAGE`} label="run command" />
          </>
        )}
      </div>
      {snapshot.host.role !== 'linux' && container.pid !== null && (
        <p className="muted">The first two work inside the Linux that the engine runs on, not on your desktop.</p>
      )}
    </>
  );
}
