import { useMemo } from 'react';
import { findServices, type Service } from '#core/services/services.ts';
import { visibleText } from '#core/text/visible.ts';
import { commas, type PlainMessage, t } from '#core/words/words.ts';
import { Fold } from '../ui/fold.tsx';
import { rich } from '../ui/rich.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { MemberLink, NamespaceLink, type Nav } from './nav.tsx';
import { ProcessTree } from './process-tree.tsx';

const GROUPS: readonly (readonly [Service['kind'], PlainMessage])[] = [
  ['engine', 'Engines'],
  ['shim', 'Shims'],
  ['proxy', 'Port proxies'],
  ['kubernetes', 'Kubernetes'],
  ['container', 'Containers of other engines'],
  ['build', 'Builds'],
  ['unit', 'Units and services'],
  ['other', 'Other programs'],
  ['kernel', 'Kernel'],
];

export function OneService({ nav, service }: { readonly nav: Nav; readonly service: Service }) {
  const { name, note, processes, own, inside } = service;
  const [first] = processes;
  const title = (
    <>
      {visibleText(name)} <span className="muted">{visibleText(note)}</span>{' '}
      <span className="tag">{t('{n, plural, one {# process} other {# processes}}', { n: processes.length })}</span>
      {own.length > 0 && <span className="tag">{t('own {kinds}', { kinds: commas(own) })}</span>}
    </>
  );
  return (
    <Fold part="services" title={title} name={visibleText(name)}>
      {inside !== null && (
        <p>{rich('Runs inside {container}', { container: <MemberLink nav={nav} member={inside} /> })}</p>
      )}
      {own.length > 0 && (
        <p>
          {own.map((kind) => {
            const id = first?.namespaces[kind];
            return id === null || id === undefined ? null : (
              <span key={kind}>
                <NamespaceLink nav={nav} id={id} />{' '}
              </span>
            );
          })}
        </p>
      )}
      <ProcessTree nav={nav} processes={processes} name={t('Processes of {name}', { name: visibleText(name) })} />
    </Fold>
  );
}

/** What runs beside this engine's containers, in groups that are closed until asked for. */
export function Services({ nav }: { readonly nav: Nav }) {
  const services = useMemo(() => findServices(nav.snapshot), [nav.snapshot]);
  if (services.length === 0) return null;
  return (
    <>
      <ExplainedHeading part="services" title={t('Services')} />
      <p className="muted">{rich('<kbd>s</kbd> shows them in the picture.', { kbd: (inner) => <kbd>{inner}</kbd> })}</p>
      {GROUPS.map(([kind, title]) => {
        const list = services.filter((service) => service.kind === kind);
        return list.length === 0 ? null : (
          <Fold
            part="services"
            key={kind}
            name={t(title)}
            title={
              <>
                {t(title)} <span className="tag">{list.length}</span>
              </>
            }
          >
            {list.map((service) => (
              <OneService key={service.key} nav={nav} service={service} />
            ))}
          </Fold>
        );
      })}
    </>
  );
}

/** Containers of engines inside a container: Docker in Docker, kind nodes. */
export function NestedContainers({ nav, container }: { readonly nav: Nav; readonly container: string }) {
  const nested = useMemo(
    () => findServices(nav.snapshot).filter(({ inside }) => inside === container),
    [nav.snapshot, container],
  );
  if (nested.length === 0) return null;
  return (
    <>
      <ExplainedHeading
        part="services"
        title={t('{n, plural, one {# container} other {# containers}} of an engine inside it', { n: nested.length })}
      />
      {nested.map((service) => (
        <OneService key={service.key} nav={nav} service={service} />
      ))}
    </>
  );
}
