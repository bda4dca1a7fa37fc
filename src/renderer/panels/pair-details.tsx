import { useMemo } from 'react';
import { type WhyRow, why } from '#core/answer/why.ts';
import { commandName } from '#core/enter/command-line.ts';
import { KIND_NAME } from '#core/sharing/describe.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import type { Container } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { commas, t } from '#core/words/words.ts';
import { Copy } from '../ui/copy.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { ReachButton } from '../workbench/reach-button.tsx';
import { MemberLink, NamespaceLink, type Nav } from './nav.tsx';

function Row({ nav, row, whose }: { readonly nav: Nav; readonly row: WhyRow; readonly whose: Container | null }) {
  return (
    <li className={`k-${row.kind}`}>
      <div className="row">
        <span className="swatch" aria-hidden="true" />
        <strong className="kind">{row.kind}</strong>
        {whose !== null && <span className="muted">{visibleText(whose.name)}</span>}
        {row.namespace !== null && <NamespaceLink nav={nav} id={row.namespace} />}
      </div>
      <p className="cause">{visibleText(row.cause)}</p>
    </li>
  );
}

interface Props {
  readonly nav: Nav;
  readonly first: Container;
  readonly second: Container;
}

/** What two containers have to do with each other: which namespaces they have in common and why, and whether one reaches the other. */
export function PairDetails({ nav, first, second }: Props) {
  const { snapshot, sharing } = nav;
  const rows = useMemo(() => {
    const subjects = [first, second].map((container) => ({ type: 'container', container }) as const);
    return why(snapshot, sharing, subjects);
  }, [snapshot, sharing, first, second]);
  // If a kind has only one row, both are in the same namespace.
  const ofKind = NAMESPACE_KINDS.map((kind) => rows.filter((row) => row.kind === kind));
  const shared = ofKind.filter(({ length }) => length === 1).flat();
  const apart = ofKind.filter(({ length }) => length > 1);
  return (
    <>
      <h2>{commas([visibleText(first.name), visibleText(second.name)])}</h2>
      <p>
        {shared.length === 0
          ? t('They have no namespace in common.')
          : t('They have in common: {kinds}.', { kinds: commas(shared.map(({ kind }) => t(KIND_NAME[kind]))) })}
      </p>
      <ul className="pair">
        {[first, second].map((container, index) => (
          <li key={container.id} className="row">
            <MemberLink nav={nav} member={container.id} />
            <span aria-hidden="true">→</span>
            <span>{visibleText((index === 0 ? second : first).name)}</span>
            <ReachButton draft={{ from: container.name, to: `${(index === 0 ? second : first).name}:` }} />
          </li>
        ))}
      </ul>
      {shared.length > 0 && (
        <>
          <ExplainedHeading part="namespaces" title={t('In common, and why')} />
          <ul className="namespaces">
            {shared.map((row) => (
              <Row key={row.kind} nav={nav} row={row} whose={null} />
            ))}
          </ul>
        </>
      )}
      {apart.length > 0 && (
        <>
          <ExplainedHeading part="namespaces" title={t('Apart, and why')} />
          <ul className="namespaces">
            {apart.flatMap((both) =>
              [first, second].flatMap((whose, index) => {
                const row = both[index];
                return row === undefined
                  ? []
                  : [<Row key={`${row.kind} ${whose.id}`} nav={nav} row={row} whose={whose} />];
              }),
            )}
          </ul>
        </>
      )}
      <Copy
        text={`bulkhead why ${[first, second].map((each) => visibleText(commandName(each))).join(' ')}`}
        label={t('the same as a command')}
      />
    </>
  );
}
