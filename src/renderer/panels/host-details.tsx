import { visibleText } from '#core/layout/marks.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import { VmTools } from '../terminal/tools.tsx';
import { Copy } from '../ui/copy.tsx';
import { count, utc } from '../ui/words.ts';
import { NamespaceLink, type Nav } from './nav.tsx';
import { ProcessTree } from './process-tree.tsx';

const ROLE = {
  vm: 'The Linux VM that the engine runs in.',
  distro: 'The WSL distribution that the engine runs in.',
  machine: 'The Linux machine that the engine runs in.',
  linux: 'The Linux that everything here runs on.',
  unknown: 'The Linux that the engine runs on.',
} as const;

/** The host or VM below the containers: its processes and namespaces. */
export function HostDetails({ nav }: { readonly nav: Nav }) {
  const { host, engine, processes, namespaces } = nav.snapshot;
  const outside = processes.filter((process) => process.container === null && !process.kernelThread);
  const kernel = processes.filter((process) => process.kernelThread).length;
  return (
    <>
      <h2>{visibleText(host.hostname)}</h2>
      <p className="muted">{ROLE[host.role]}</p>
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
            <dt>Cgroups</dt>
            <dd>
              {engine.cgroupVersion === null ? 'unknown' : `version ${engine.cgroupVersion}`}
              {engine.cgroupDriver === null ? '' : `, ${visibleText(engine.cgroupDriver)}`}
            </dd>
          </>
        )}
        {host.bootTime !== null && (
          <>
            <dt>Booted</dt>
            <dd>{utc(new Date(host.bootTime * 1_000).toISOString())}</dd>
          </>
        )}
        {host.bootId !== null && (
          <>
            <dt>Boot id</dt>
            <dd>
              <Copy text={visibleText(host.bootId)} label="boot id" />
            </dd>
          </>
        )}
      </dl>
      <h3>Its own namespaces</h3>
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
      <h3>{count(outside.length, 'process', 'processes')} outside containers</h3>
      <ProcessTree nav={nav} processes={outside} name="Processes outside containers" />
      {kernel > 0 && <p className="muted">And {count(kernel, 'kernel thread')}, not listed.</p>}
    </>
  );
}
