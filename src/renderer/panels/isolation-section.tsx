import { useContext, useMemo, useState } from 'react';
import { isolation } from '#core/answer/isolation.ts';
import type { IsolationLine } from '#core/answer/isolation-card.ts';
import type { Detail, Subject } from '#core/detail/detail.ts';
import { treeOfVm } from '#core/enter/vm-target.ts';
import type { Container, Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { isolationOf, sharingOf } from '../page/derived.ts';
import { Copy } from '../ui/copy.tsx';
import { Fold } from '../ui/fold.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { WorkbenchContext } from '../workbench/workbench.ts';
import type { Nav } from './nav.tsx';
import './findings.css';

const URL_AT_START = /^https:\/\/\S+$/;

/** The source of a statement: web pages can be opened, other sources are only named. */
export function Source({ text }: { readonly text: string }) {
  return text.split('; ').map((part, index) => (
    <span key={part}>
      {index > 0 && '; '}
      {URL_AT_START.test(part) ? (
        <a href={part} target="_blank" rel="noreferrer">
          {part.replace(/^https:\/\//, '')}
        </a>
      ) : (
        visibleText(part)
      )}
    </span>
  ));
}

function Line({ line }: { readonly line: IsolationLine }) {
  return (
    <div className={`finding ${line.rank}`}>
      <strong>{visibleText(line.title)}</strong>
      {visibleText(line.text)}
      {line.cure !== null && <span>{visibleText(line.cure)}</span>}
      <cite>
        {visibleText(line.evidence)} <Source text={line.source} />
      </cite>
    </div>
  );
}

function Lines({ lines }: { readonly lines: readonly IsolationLine[] }) {
  return lines.map((line) => <Line key={`${line.code} ${line.title}`} line={line} />);
}

/** The details that the answer for a container rests on, besides the snapshot. */
function subjectsOf(snapshot: Snapshot, { pid }: Container): Subject[] {
  const init = snapshot.processes.find((process) => process.pid === pid);
  if (init === undefined) return [];
  const { startTime, namespaces } = init;
  const tree = treeOfVm(snapshot)?.namespaces.mnt ?? snapshot.host.namespaces.mnt;
  const ids = [namespaces.mnt, namespaces.user, tree].filter((id) => id !== null);
  return [
    { type: 'process', pid: init.pid, startTime },
    { type: 'limits', pid: init.pid, startTime },
    ...ids.map((id): Subject => ({ type: 'namespace', id })),
  ];
}

/** What a container can do, and what isolates it. A click asks the kernel for what a scan does not tell. */
export function IsolationSection({ nav, container }: { readonly nav: Nav; readonly container: Container }) {
  const bench = useContext(WorkbenchContext);
  const { snapshot } = nav;
  const [answers, setAnswers] = useState<ReadonlyMap<string, Detail> | null>(null);
  const [asking, setAsking] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const card = useMemo(() => {
    const cards =
      answers === null
        ? isolationOf(snapshot)
        : isolation(snapshot, sharingOf(snapshot), (subject) => answers.get(JSON.stringify(subject)) ?? null);
    return cards.find(({ id }) => id === container.id);
  }, [snapshot, container.id, answers]);
  if (card === undefined) return null;

  async function ask(): Promise<void> {
    if (bench === null) return;
    setAsking(true);
    setFailed(null);
    const heard = new Map<string, Detail>();
    for (const subject of subjectsOf(snapshot, container)) {
      try {
        const detail = await bench.backend.request('detail', { endpoint: bench.endpoint, subject });
        heard.set(JSON.stringify(subject), detail);
      } catch (thrown) {
        setFailed(thrown instanceof Error ? thrown.message : String(thrown));
      }
    }
    setAnswers(heard);
    setAsking(false);
  }

  const of = (...ranks: string[]) => card.lines.filter(({ rank }) => ranks.includes(rank));
  const [bad, notices, unknown, holds] = [of('danger', 'warning'), of('notice'), of('unknown'), of('holds')];
  return (
    <>
      <ExplainedHeading part="isolation" title={t('Isolation')} />
      {bad.length === 0 && <p className="muted">{t('Nothing that is known opens the machine to it.')}</p>}
      <Lines lines={bad} />
      {notices.length > 0 && (
        <Fold part="isolation" title={t('{n, number} worth knowing', { n: notices.length })}>
          <Lines lines={notices} />
        </Fold>
      )}
      {holds.length > 0 && (
        <Fold part="isolation" title={t('{n, number} that isolate it', { n: holds.length })}>
          <Lines lines={holds} />
        </Fold>
      )}
      {unknown.length > 0 && (
        <Fold part="isolation" title={t('{n, number} not known', { n: unknown.length })}>
          <Lines lines={unknown} />
        </Fold>
      )}
      {bench !== null && unknown.length > 0 && answers === null && (
        <button type="button" disabled={asking} onClick={() => void ask()}>
          {asking ? t('Asking the kernel…') : t('Ask the kernel for the rest')}
        </button>
      )}
      {failed !== null && (
        <p className="reason" role="alert">
          {visibleText(failed)}
        </p>
      )}
      <div className="commands">
        <Copy text={`bulkhead isolation ${container.name}`} label={t('the same as a command')} />
      </div>
    </>
  );
}
