import { useMemo, useState } from 'react';
import { CHECK_SEVERITIES, type CheckFinding, type CheckSeverity } from '#core/answer/schemas.ts';
import type { Container, Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { checkOf } from '../page/derived.ts';
import { usePage, usePageState } from '../page/page.ts';
import { useReadDetails } from '../page/use-read-details.ts';
import { shownSnapshot } from '../state/state.ts';
import { Copy } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ActButton } from '../workbench/tools.tsx';
import './findings.css';

/** This many are shown; the command line lists all. */
const MOST = 200;

/** A cure that is one command, as it can be copied; null for one that is a sentence. */
const commandOf = (cure: string | null): string | null => (/^(docker|ip|umount) /.test(cure ?? '') ? cure : null);

/** The action that a click offers for a finding; it asks first. */
function Act({ finding, containers }: { readonly finding: CheckFinding; readonly containers: readonly Container[] }) {
  const container = containers.find(({ name }) => name === finding.container);
  if (container === undefined) return null;
  // The owner must be started, and those that joined it restarted.
  const owner = containers.find(({ name }) => finding.cure?.startsWith(`docker start ${name} && `) === true);
  const restart = finding.cure?.endsWith(`docker restart ${finding.container}`) === true;
  return (
    <>
      {owner !== undefined && <ActButton container={owner} action="start" />}
      {restart && <ActButton container={container} action="restart" />}
      {(finding.code === 'dead' || finding.code === 'helper-left') && (
        <ActButton container={container} action="remove" />
      )}
    </>
  );
}

function Row({ finding, snapshot, onShow }: RowProps) {
  const { severity, code, container, text, evidence, cure } = finding;
  const command = commandOf(cure);
  const known = snapshot.containers.find(({ name }) => name === container);
  return (
    <li className={`finding ${severity}`}>
      <strong>
        <span className="severity">{t(severity)}</span>{' '}
        {known === undefined ? (
          visibleText(container ?? t('machine'))
        ) : (
          <button type="button" className="link" onClick={() => onShow(known)}>
            {visibleText(known.name)}
          </button>
        )}{' '}
        <code className="muted">{code}</code>
      </strong>
      {visibleText(text)}
      {cure !== null && command === null && <span>{visibleText(cure)}</span>}
      <cite>{visibleText(evidence)}</cite>
      {command !== null && (
        <div className="tools">
          <Copy text={visibleText(command)} label={t('cure')} />
          <Act finding={finding} containers={snapshot.containers} />
        </div>
      )}
    </li>
  );
}

interface RowProps {
  readonly finding: CheckFinding;
  readonly snapshot: Snapshot;
  readonly onShow: (container: Container) => void;
}

/** All findings, the worst first, each with its cure beside it. */
export function FindingsDialog({ onClose }: { readonly onClose: () => void }) {
  const page = usePage();
  const snapshot = usePageState(shownSnapshot);
  const [least, setLeast] = useState<CheckSeverity>('warning');
  const { details, problem, reading } = useReadDetails(true);
  const known = useMemo(
    () => (snapshot === null || details === null ? snapshot : { ...snapshot, details }),
    [snapshot, details],
  );
  const all = useMemo(() => (known === null ? [] : checkOf(known)), [known]);
  const worst = CHECK_SEVERITIES.indexOf(least);
  const shown = all.filter(({ severity }) => CHECK_SEVERITIES.indexOf(severity) <= worst);
  const show = ({ id }: Container): void => {
    onClose();
    page.show({ type: 'container', id });
  };
  const count = (severity: CheckSeverity) => all.filter((finding) => finding.severity === severity).length;
  return (
    <Dialog title={t('Findings')} onClose={onClose}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in a row everywhere */}
      <div className="group severities" role="group" aria-label={t('The least severe that is shown')}>
        {CHECK_SEVERITIES.map((severity) => (
          <button key={severity} type="button" aria-pressed={severity === least} onClick={() => setLeast(severity)}>
            {t(severity)} <span className="muted">{count(severity)}</span>
          </button>
        ))}
      </div>
      {reading && <p role="status">{t('Reading ports, veths and limits…')}</p>}
      {problem !== null && (
        <p className="reason" role="alert">
          {t('Ports, veths and limits could not be read: {problem}', { problem: visibleText(problem) })}
        </p>
      )}
      {shown.length === 0 && (
        <p className="muted">{t('Nothing found that is {severity} or worse.', { severity: t(least) })}</p>
      )}
      <ul className="findings">
        {snapshot !== null &&
          shown
            .slice(0, MOST)
            .map((finding) => (
              <Row
                key={`${finding.container} ${finding.code} ${finding.text}`}
                finding={finding}
                snapshot={snapshot}
                onShow={show}
              />
            ))}
      </ul>
      {shown.length > MOST && <p className="muted">{t('And {count, number} more.', { count: shown.length - MOST })}</p>}
      <Copy
        text={`bulkhead check --fail-on ${least === 'notice' ? 'warning' : least}`}
        label={t('the same as a command')}
      />
    </Dialog>
  );
}
