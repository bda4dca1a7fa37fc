import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import { bytesText } from '#core/text/bytes.ts';
import { visibleText } from '#core/text/visible.ts';
import { Copy } from '../ui/copy.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { count, dateTime } from '../ui/words.ts';
import { VmTools } from '../workbench/tools.tsx';
import { NamespaceLink, type Nav } from './nav.tsx';
import { ProcessTree } from './process-tree.tsx';
import { Services } from './services.tsx';

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Seconds, to the two units that matter. */
function duration(seconds: number): string {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return `${days} d ${hours % 24} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

/** The host or VM below the containers: its processes and namespaces. */
export function HostDetails({ nav }: { readonly nav: Nav }) {
  const { host, engine, processes, namespaces } = nav.snapshot;
  const init = processes.find(({ pid }) => pid === 1);
  const outside = processes.filter((process) => process.container === null && !process.kernelThread);
  // Files of older versions have only what the engine said.
  const cgroup = host.cgroupVersion ?? engine?.cgroupVersion ?? null;
  const kernel = processes.filter((process) => process.kernelThread).length;
  return (
    <>
      <h2>{visibleText(host.hostname)}</h2>
      <p>
        {host.what === '' ? 'The Linux that the engine runs on.' : `${capitalised(visibleText(host.what))}.`}{' '}
        <span className="muted">{visibleText(host.because)}</span>
      </p>
      <VmTools />
      <dl>
        <dt>Kernel</dt>
        <dd>
          Linux {visibleText(host.kernel)}, {visibleText(host.arch)}
        </dd>
        {engine !== null && (
          <>
            <dt>Engine</dt>
            <dd>
              {visibleText(engine.name)} {visibleText(engine.version)}, API {visibleText(engine.apiVersion)}
            </dd>
          </>
        )}
        {init !== undefined && (
          <>
            <dt>Init</dt>
            <dd>{visibleText(init.argv.join(' ') || init.comm)}</dd>
          </>
        )}
        {host.bootTime !== null && (
          <>
            <dt>Booted</dt>
            <dd>
              {dateTime(new Date(host.bootTime * 1_000).toISOString())}
              <span className="muted">, up {duration(Date.parse(nav.snapshot.takenAt) / 1_000 - host.bootTime)}</span>
            </dd>
          </>
        )}
        {host.memory !== null && (
          <>
            <dt>Memory</dt>
            <dd>
              {bytesText(host.memory)}
              {host.cpus === null ? '' : `, ${count(host.cpus, 'CPU')}`}
            </dd>
          </>
        )}
        {cgroup !== null && (
          <>
            <dt>Cgroups</dt>
            <dd>
              {cgroup === 'hybrid' ? 'versions 1 and 2' : `version ${cgroup}`}
              {engine?.cgroupDriver == null ? '' : `, the engine's driver is ${visibleText(engine.cgroupDriver)}`}
            </dd>
          </>
        )}
        <dt>LSMs</dt>
        <dd>{host.lsms === null ? 'could not be read' : visibleText(host.lsms.join(', '))}</dd>
        {host.bootId !== null && (
          <>
            <dt>Boot id</dt>
            <dd>
              <Copy text={visibleText(host.bootId)} label="boot id" />
            </dd>
          </>
        )}
      </dl>
      <ExplainedHeading part="namespaces" title="Its own namespaces" />
      <ul className="namespaces">
        {NAMESPACE_KINDS.map((kind) => {
          const id = host.namespaces[kind];
          const found = namespaces.find((namespace) => namespace.id === id);
          return (
            <li key={kind} className={`k-${kind}`}>
              <div className="row">
                <span className="swatch" aria-hidden="true" />
                <strong className="kind">{kind}</strong>
                {id === null ? (
                  <span className="muted">unknown</span>
                ) : (
                  <>
                    <NamespaceLink nav={nav} id={id} />
                    <span className="muted">{count(found?.pids.length ?? 0, 'process', 'processes')}</span>
                  </>
                )}
              </div>
            </li>
          );
        })}
      </ul>
      <Services nav={nav} />
      <ExplainedHeading
        part="processes"
        title={`${count(outside.length, 'process', 'processes')} outside containers`}
      />
      <ProcessTree nav={nav} processes={outside} name="Processes outside containers" />
      {kernel > 0 && <p className="muted">And {count(kernel, 'kernel thread')}, not listed.</p>}
    </>
  );
}
