import { type FormEvent, useId, useMemo, useState } from 'react';
import { reach } from '#core/answer/reach.ts';
import { type ReachChoice, reachChoices } from '#core/answer/reach-choices.ts';
import { ReachError } from '#core/answer/reach-hop.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { usePage, usePageState } from '../page/page.ts';
import { type ReachQuestion, shownSnapshot } from '../state/state.ts';
import { Dialog } from '../ui/dialog.tsx';
import './reach.css';

/** More than a person looks through; typing narrows the list. */
const MOST_CHOICES = 500;

/** What is wrong with a question and how to correct it; null if nothing is. Names can be checked without details. */
function problemOf(snapshot: Snapshot, { from, to }: ReachQuestion): string | null {
  try {
    reach(snapshot, from, to);
    return null;
  } catch (thrown) {
    if (thrown instanceof ReachError) return thrown.message;
    throw thrown;
  }
}

interface FieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly choices: readonly ReachChoice[];
  readonly first?: boolean;
  readonly wrong: string | undefined;
  readonly onChange: (value: string) => void;
}

function Field({ label, hint, value, choices, first, wrong, onChange }: FieldProps) {
  const id = useId();
  const words = value.toLowerCase();
  const fitting = choices.filter((choice) => choice.value.toLowerCase().includes(words)).slice(0, MOST_CHOICES);
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        list={`${id}-choices`}
        value={value}
        spellCheck={false}
        autoComplete="off"
        autoCapitalize="off"
        data-first={first}
        aria-describedby={`${id}-hint${wrong === undefined ? '' : ` ${wrong}`}`}
        aria-invalid={wrong !== undefined}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={`${id}-choices`}>
        {fitting.map((choice) => (
          <option key={choice.value} value={choice.value} label={visibleText(choice.what)} />
        ))}
      </datalist>
      <p id={`${id}-hint`} className="hint muted">
        {hint}
      </p>
    </div>
  );
}

/** Asks from where to where; the answer stands beside the wiring. */
export function ReachDialog({ onClose }: { readonly onClose: () => void }) {
  const { store, uncover } = usePage();
  const snapshot = usePageState(shownSnapshot);
  const [{ from, to }, setQuestion] = useState(store.get().reachDraft);
  const [problem, setProblem] = useState<string | null>(null);
  const told = useId();
  const choices = useMemo(() => (snapshot === null ? { from: [], to: [] } : reachChoices(snapshot)), [snapshot]);

  function change(part: Partial<ReachQuestion>): void {
    setQuestion((before) => ({ ...before, ...part }));
    setProblem(null);
  }
  function ask(event: FormEvent): void {
    event.preventDefault();
    if (snapshot === null) return;
    const question = { from: from.trim(), to: to.trim() };
    const wrong = problemOf(snapshot, question);
    setProblem(wrong);
    if (wrong !== null) return;
    onClose();
    store.dispatch({ type: 'reach', reach: question });
    uncover();
  }
  const wrong = problem === null ? undefined : told;
  return (
    <Dialog title={t('Reach')} onClose={onClose}>
      <form className="reach-form" onSubmit={ask}>
        <p className="muted">{t('Whether a connection arrives, and its whole way, hop by hop.')}</p>
        <Field
          label={t('From')}
          hint={t('outside, host, a container or a pid')}
          value={from}
          choices={choices.from}
          first={from === ''}
          wrong={wrong}
          onChange={(value) => change({ from: value })}
        />
        <Field
          label={t('To')}
          hint={t(':8001, container:80, 172.17.0.2:80, db:5432, with /udp for UDP')}
          value={to}
          choices={choices.to}
          first={from !== ''}
          wrong={wrong}
          onChange={(value) => change({ to: value })}
        />
        {problem !== null && (
          <p id={told} className="reason" role="alert">
            {visibleText(problem)}
          </p>
        )}
        <div className="dialog-foot">
          <button type="button" onClick={onClose}>
            {t('Cancel')}
          </button>
          <button type="submit" className="primary" disabled={from.trim() === '' || to.trim() === ''}>
            {t('Show the way')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
