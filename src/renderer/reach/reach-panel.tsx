import { agreement, type ReachAnswer } from '#core/answer/reach.ts';
import { timeText } from '#core/export/drawing.ts';
import { visibleText } from '#core/text/visible.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import { usePage } from '../page/page.ts';
import { Copy } from '../ui/copy.tsx';
import { Icon } from '../ui/icon.tsx';
import { rich } from '../ui/rich.tsx';
import type { Answered, Trial } from './use-reach.ts';
import './reach.css';

const VERDICTS: Readonly<Record<ReachAnswer['verdict'], PlainMessage>> = {
  reachable: '✓ Reachable',
  'not-reachable': '✗ Not reachable',
  unknown: '? Unknown',
};

const SIGNS = [
  { ok: true, className: 'goes-on', sign: '✓', name: 'goes on' },
  { ok: false, className: 'fails', sign: '✗', name: 'fails' },
  { ok: null, className: 'open', sign: '?', name: 'not known' },
] as const;

function Hops({ hops }: Pick<ReachAnswer, 'hops'>) {
  return (
    <ol className="hops" aria-label={t('The way, hop by hop')}>
      {hops.map(({ what, ok, evidence, shown }, index) => {
        const { className, sign, name } = SIGNS.find((each) => each.ok === ok) ?? SIGNS[2];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the way is always replaced as a whole
          <li key={index} className={className}>
            <span className="sign" role="img" aria-label={t(name)}>
              {sign}
            </span>
            <div>
              <strong>{visibleText(what)}</strong>
              <p>{visibleText(evidence)}</p>
              {shown !== null && (
                <>
                  <Copy
                    text={visibleText(shown.command)}
                    label={t('the command that shows hop {n, number}', { n: index + 1 })}
                  />
                  {shown.remark !== '' && ` ${visibleText(shown.remark)}`}
                </>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

function Tried({ trial, verdict }: { readonly trial: Trial | null; readonly verdict: ReachAnswer['verdict'] }) {
  if (trial === null) return null;
  if (trial.type === 'running') return <p role="status">{t('Trying, at most 2 s…')}</p>;
  if (trial.type === 'failed') {
    return (
      <p className="reason" role="alert">
        {visibleText(trial.message)}
      </p>
    );
  }
  const { connected, error } = trial.attempt;
  return (
    <p role="status">
      {rich(
        connected
          ? '<strong>Connected</strong>. {agreement}'
          : error === null
            ? '<strong>Not connected</strong>. {agreement}'
            : '<strong>Not connected</strong> ({error}). {agreement}',
        {
          error: visibleText(error ?? ''),
          agreement: agreement(verdict, trial.attempt),
          strong: (inner) => <strong>{inner}</strong>,
        },
      )}
    </p>
  );
}

/** The question and its answer: the verdict, the way hop by hop, and one real attempt. */
export function ReachPanel({ answered }: { readonly answered: Answered }) {
  const { store } = usePage();
  const { question, answer, takenAt, problem, reading, trial, tryIt, whyNot, again } = answered;
  const { from, to } = question;
  return (
    <section className="reach" aria-label={t('Reach')}>
      <div className="reach-head">
        <h2>
          {visibleText(from)} → {visibleText(to)}
        </h2>
        <button
          type="button"
          className="quiet"
          aria-label={t('Close the answer')}
          title={t('Close the answer')}
          onClick={() => store.dispatch({ type: 'reach', reach: null })}
        >
          <Icon name="close" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="reach-body" tabIndex={0} aria-label={t('The answer')}>
        {reading && <p role="status">{t('Reading links, routes, rules and sockets…')}</p>}
        {problem !== null && (
          <p className="reason" role="alert">
            {visibleText(problem)}
          </p>
        )}
        {answer !== null && (
          <>
            <p role="status" className={`verdict ${answer.verdict}`}>
              {t(VERDICTS[answer.verdict])}
            </p>
            <p>{visibleText(answer.because)}</p>
          </>
        )}
        <div className="tools">
          <button
            type="button"
            disabled={tryIt === null || trial?.type === 'running'}
            title={tryIt === null ? whyNot : t('Makes one real connection from there, and closes it')}
            onClick={() => tryIt?.()}
          >
            {t('Try')}
          </button>
          {again !== null && (
            <button type="button" disabled={reading} onClick={again}>
              {t('Look again')}
            </button>
          )}
          <button type="button" onClick={() => store.dispatch({ type: 'ask-reach', draft: question })}>
            {t('Change…')}
          </button>
        </div>
        {answer !== null && tryIt === null && <p className="muted">{whyNot}</p>}
        {answer !== null && <Tried trial={trial} verdict={answer.verdict} />}
        {answer !== null && <Hops hops={answer.hops} />}
        {takenAt !== null && <p className="muted">{t('As it was on {time}.', { time: timeText(takenAt) })}</p>}
        <Copy text={visibleText(`bulkhead reach ${from} ${to}`)} label={t('the same as a command')} />
      </section>
    </section>
  );
}
