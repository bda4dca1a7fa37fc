import type { GraphNode } from '#core/layout/scene.ts';
import { findServices } from '#core/services/services.ts';
import { HOST } from '#core/sharing/sharing.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { CopyButton } from '../ui/copy.tsx';
import { rich } from '../ui/rich.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { MemberLink, MemberLinks, NamespaceLink, type Nav } from './nav.tsx';
import { ProcessTree } from './process-tree.tsx';
import { OneService } from './services.tsx';

/** What kind of node it is, if it is not a container of this engine. */
function Told({ nav, node }: { readonly nav: Nav; readonly node: GraphNode }) {
  if (node.type === 'process') {
    return <p className="muted">{t('Processes of no container, with all their namespaces in common.')}</p>;
  }
  const detail = visibleText(node.detail);
  if (node.type === 'foreign') {
    const inside = nav.snapshot.processes.find(({ pid }) => pid === node.pids?.[0])?.container ?? null;
    return (
      <p>
        {t('A container that this engine does not know.')} <span className="muted">{detail}</span>{' '}
        {inside !== null &&
          rich('It runs inside {container}.', { container: <MemberLink nav={nav} member={inside} /> })}
      </p>
    );
  }
  return (
    <p>
      {rich('A part of the {host} itself.', { host: <MemberLink nav={nav} member={HOST} /> })}{' '}
      <span className="muted">{detail}</span>
    </p>
  );
}

/** Processes that are no container of this engine and are drawn as one node. */
export function OutsideDetails({ nav, node }: { readonly nav: Nav; readonly node: GraphNode }) {
  const pids = new Set(node.pids);
  const processes = nav.snapshot.processes.filter(({ pid }) => pids.has(pid));
  const services =
    node.type === 'service'
      ? findServices(nav.snapshot).filter((service) => service.processes.some(({ pid }) => pids.has(pid)))
      : [];
  return (
    <>
      <h2>{visibleText(node.label)}</h2>
      <Told nav={nav} node={node} />
      <ExplainedHeading part="namespaces" title={t('Namespaces')} />
      <ul className="namespaces">
        {node.strip.map(({ kind, namespace, standing }) => {
          const others =
            standing === 'shared'
              ? [...nav.nodes.values()].filter(
                  (each) => each.key !== node.key && each.strip.some((slot) => slot.namespace === namespace),
                )
              : [];
          return (
            <li key={kind} className={`k-${kind}`}>
              <div className="row">
                <span className="swatch" aria-hidden="true" />
                <strong className="kind">{kind}</strong>
                <span className={`standing ${standing}`}>{t(standing)}</span>
                {namespace !== null && (
                  <>
                    <NamespaceLink nav={nav} id={namespace} />
                    <CopyButton text={namespace} label={namespace} />
                  </>
                )}
              </div>
              {others.length > 0 && (
                <p>
                  {rich('with {members}', {
                    members: <MemberLinks nav={nav} members={others.map(({ key }) => key)} />,
                  })}
                </p>
              )}
            </li>
          );
        })}
      </ul>
      <ExplainedHeading part="processes" title={t('Processes')} />
      {services.length > 1 ? (
        services.map((service) => <OneService key={service.key} nav={nav} service={service} />)
      ) : (
        <ProcessTree nav={nav} processes={processes} name={t('Processes with these namespaces')} />
      )}
    </>
  );
}
