import { visibleText } from '#core/layout/marks.ts';
import type { GraphNode } from '#core/layout/scene.ts';
import { CopyButton } from '../ui/copy.tsx';
import { MemberLinks, NamespaceLink, type Nav } from './nav.tsx';
import { ProcessTree } from './process-tree.tsx';

/** Processes of no container that have all their namespaces in common: drawn as one node. */
export function OutsideDetails({ nav, node }: { readonly nav: Nav; readonly node: GraphNode }) {
  const processes = nav.snapshot.processes.filter(
    (process) =>
      process.container === null &&
      !process.kernelThread &&
      node.strip.every(({ kind, namespace }) => process.namespaces[kind] === namespace),
  );
  return (
    <>
      <h2>{visibleText(node.label)}</h2>
      <p className="muted">Processes of no container, with all their namespaces in common.</p>
      <h3>Namespaces</h3>
      <ul className="namespaces">
        {node.strip.map(({ kind, namespace, standing }) => {
          const others = [...nav.sharing.containers]
            .filter(([, row]) => namespace !== null && row[kind].namespace === namespace)
            .map(([id]) => id);
          return (
            <li key={kind} className={`k-${kind}`}>
              <div className="row">
                <span className="swatch" aria-hidden="true" />
                <strong className="kind">{kind}</strong>
                <span className={`standing ${standing}`}>{standing}</span>
                {namespace !== null && (
                  <>
                    <NamespaceLink nav={nav} id={namespace} />
                    <CopyButton text={namespace} label={namespace} />
                  </>
                )}
              </div>
              {standing === 'shared' && others.length > 0 && (
                <p>
                  with <MemberLinks nav={nav} members={others} />
                </p>
              )}
            </li>
          );
        })}
      </ul>
      <h3>Processes</h3>
      <ProcessTree nav={nav} processes={processes} name="Processes with these namespaces" />
    </>
  );
}
