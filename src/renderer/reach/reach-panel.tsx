import { agreement, type ReachAnswer } from '#core/answer/reach.ts';
import { timeText } from '#core/export/drawing.ts';
import { visibleText } from '#core/text/visible.ts';
import { usePage } from '../page/page.ts';
import { Copy } from '../ui/copy.tsx';
import { Icon } from '../ui/icon.tsx';
import type { Answered, Trial } from './use-reach.ts';
import './reach.css';

const VERDICTS: Readonly<Record<ReachAnswer['verdict'], string>> = {
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
    <ol className="hops" aria-label="The way, hop by hop">
      {hops.map(({ what, ok, evidence, shown }, index) => {
        const { className, sign, name } = SIGNS.find((each) => each.ok === ok) ?? SIGNS[2];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the way is told anew as a whole
          <li key={index} className={className}>
            <span className="sign" role="img" aria-label={name}>
              {sign}
            </span>
            <div>
              <strong>{visibleText(what)}</strong>
              <p>{visibleText(evidence)}</p>
              {shown !== null && (
                <>
                  <Copy text={visibleText(shown.command)} label={`the command that shows hop ${index + 1}`} />
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
  if (trial.type === 'running') return <p role="status">Trying, at most 2 s…</p>;
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
      <strong>{connected ? 'Connected' : 'Not connected'}</strong>
      {error !== null && ` (${visibleText(error)})`}. {agreement(verdict, trial.attempt)}
    </p>
  );
}

/** What was asked and what is known of it: the verdict, the way hop by hop, and one real attempt. */
export function ReachPanel({ answered }: { readonly answered: Answered }) {
  const { store } = usePage();
  const { question, answer, takenAt, problem, reading, trial, tryIt, whyNot, again } = answered;
  const { from, to } = question;
  return (
    <section className="reach" aria-label="Reach">
      <div className="reach-head">
        <h2>
          {visibleText(from)} → {visibleText(to)}
        </h2>
        <button
          type="button"
          className="quiet"
          aria-label="Close the answer"
          title="Close the answer"
          onClick={() => store.dispatch({ type: 'reach', reach: null })}
        >
          <Icon name="close" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="reach-body" tabIndex={0} aria-label="The answer">
        {reading && <p role="status">Reading links, routes, rules and sockets…</p>}
        {problem !== null && (
          <p className="reason" role="alert">
            {visibleText(problem)}
          </p>
        )}
        {answer !== null && (
          <>
            <p role="status" className={`verdict ${answer.verdict}`}>
              {VERDICTS[answer.verdict]}
            </p>
            <p>{visibleText(answer.because)}</p>
          </>
        )}
        <div className="tools">
          <button
            type="button"
            disabled={tryIt === null || trial?.type === 'running'}
            title={tryIt === null ? whyNot : 'Makes one real connection from there, and closes it'}
            onClick={() => tryIt?.()}
          >
            Try
          </button>
          {again !== null && (
            <button type="button" disabled={reading} onClick={again}>
              Look again
            </button>
          )}
          <button type="button" onClick={() => store.dispatch({ type: 'ask-reach', draft: question })}>
            Change…
          </button>
        </div>
        {answer !== null && tryIt === null && <p className="muted">{whyNot}</p>}
        {answer !== null && <Tried trial={trial} verdict={answer.verdict} />}
        {answer !== null && <Hops hops={answer.hops} />}
        {takenAt !== null && <p className="muted">As it was on {timeText(takenAt)}.</p>}
        <Copy text={visibleText(`bulkhead reach ${from} ${to}`)} label="the same as a command" />
      </section>
    </section>
  );
}
