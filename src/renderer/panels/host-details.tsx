import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import { bytesText } from '#core/text/bytes.ts';
import { visibleText } from '#core/text/visible.ts';
import { stored } from '#core/words/stored.ts';
import { t } from '#core/words/words.ts';
import { Copy } from '../ui/copy.tsx';
import { rich } from '../ui/rich.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { dateTime } from '../ui/words.ts';
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
  if (days > 0) return t('{days} d {hours} h', { days, hours: hours % 24 });
  if (hours > 0) return t('{hours} h {minutes} min', { hours, minutes: minutes % 60 });
  return t('{n, number} min', { n: minutes });
}

/** The host or VM below the containers: its processes and namespaces. */
export function HostDetails({ nav }: { readonly nav: Nav }) {
  const { host, engine, processes, namespaces } = nav.snapshot;
  const init = processes.find(({ pid }) => pid === 1);
  const outside = processes.filter((process) => process.container === null && !process.kernelThread);
  // Files of older versions have only what the engine said.
  const cgroup = host.cgroupVersion ?? engine?.cgroupVersion ?? null;
  const versions = cgroup === 'hybrid' ? t('versions 1 and 2') : t('version {version}', { version: cgroup ?? '' });
  const kernel = processes.filter((process) => process.kernelThread).length;
  return (
    <>
      <h2>{visibleText(host.hostname)}</h2>
      <p>
        {host.what === ''
          ? t('The Linux that the engine runs on.')
          : t('{what}.', { what: capitalised(visibleText(stored(host.what))) })}{' '}
        <span className="muted">{visibleText(stored(host.because))}</span>
      </p>
      <VmTools />
      <dl>
        <dt>{t('Kernel')}</dt>
        <dd>{t('Linux {kernel}, {arch}', { kernel: visibleText(host.kernel), arch: visibleText(host.arch) })}</dd>
        {engine !== null && (
          <>
            <dt>{t('Engine')}</dt>
            <dd>
              {t('{engine} {version}, API {api}', {
                engine: visibleText(engine.name),
                version: visibleText(engine.version),
                api: visibleText(engine.apiVersion),
              })}
            </dd>
          </>
        )}
        {init !== undefined && (
          <>
            <dt>{t('Init')}</dt>
            <dd>{visibleText(init.argv.join(' ') || init.comm)}</dd>
          </>
        )}
        {host.bootTime !== null && (
          <>
            <dt>{t('Booted')}</dt>
            <dd>
              {rich('{time}<muted>, up {duration}</muted>', {
                time: dateTime(new Date(host.bootTime * 1_000).toISOString()),
                duration: duration(Date.parse(nav.snapshot.takenAt) / 1_000 - host.bootTime),
                muted: (inner) => <span className="muted">{inner}</span>,
              })}
            </dd>
          </>
        )}
        {host.memory !== null && (
          <>
            <dt>{t('Memory')}</dt>
            <dd>
              {host.cpus === null
                ? bytesText(host.memory)
                : t('{memory}, {n, plural, one {# CPU} other {# CPUs}}', {
                    memory: bytesText(host.memory),
                    n: host.cpus,
                  })}
            </dd>
          </>
        )}
        {cgroup !== null && (
          <>
            <dt>{t('Cgroups')}</dt>
            <dd>
              {engine?.cgroupDriver == null
                ? versions
                : t("{versions}, the engine's driver is {driver}", {
                    versions,
                    driver: visibleText(engine.cgroupDriver),
                  })}
            </dd>
          </>
        )}
        <dt>LSMs</dt>
        <dd>{host.lsms === null ? t('could not be read') : visibleText(host.lsms.join(', '))}</dd>
        {host.bootId !== null && (
          <>
            <dt>{t('Boot id')}</dt>
            <dd>
              <Copy text={visibleText(host.bootId)} label={t('boot id')} />
            </dd>
          </>
        )}
      </dl>
      <ExplainedHeading part="namespaces" title={t('Its own namespaces')} />
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
                  <span className="muted">{t('unknown')}</span>
                ) : (
                  <>
                    <NamespaceLink nav={nav} id={id} />
                    <span className="muted">
                      {t('{n, plural, one {# process} other {# processes}}', { n: found?.pids.length ?? 0 })}
                    </span>
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
        title={t('{n, plural, one {# process} other {# processes}} outside containers', { n: outside.length })}
      />
      <ProcessTree nav={nav} processes={outside} name={t('Processes outside containers')} />
      {kernel > 0 && (
        <p className="muted">
          {t('And {n, plural, one {# kernel thread} other {# kernel threads}}, not listed.', { n: kernel })}
        </p>
      )}
    </>
  );
}
