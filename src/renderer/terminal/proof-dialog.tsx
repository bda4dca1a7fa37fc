import { useEffect, useId, useMemo, useState } from 'react';
import type { SubscriptionEvent, TerminalTarget } from '#api/contract.ts';
import { treeOfVm } from '#core/enter/vm-target.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import type { Process, Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { CopyButton } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import type { Backend } from '../workbench/workbench.ts';

/** The commands of the experiment: processes, host name, network, files. */
const COMMANDS = ['uname -a', 'hostname', 'ip addr', 'ls /', 'ps -e', 'mount'] as const;
const LONGEST = 200_000;
const COLUMNS = 120;

interface Outcome {
  readonly text: string;
  readonly done: boolean;
}

/** Runs one command and collects what it prints, without a terminal's control sequences. */
function run(
  backend: Backend,
  endpoint: string,
  target: TerminalTarget,
  onOutcome: (outcome: Outcome) => void,
): () => void {
  const decoder = new TextDecoder();
  let text = '';
  let name: string | null = null;
  const plain = (): string =>
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
    text.replaceAll(/\u001b\[[0-9;?]*[ -/]*[@-~]|\r/g, '');
  return backend.subscribe(
    'terminal',
    { endpoint, target, columns: COLUMNS, rows: 50 },
    (event: SubscriptionEvent<'terminal'>) => {
      if (event.type === 'opened') name = event.terminal;
      else if (event.type === 'output') {
        const bytes = Uint8Array.from(atob(event.data), (character) => character.charCodeAt(0));
        text = (text + decoder.decode(bytes, { stream: true })).slice(0, LONGEST);
        if (name !== null) {
          backend.request('terminal.acknowledge', { terminal: name, bytes: bytes.length }).catch(() => {});
        }
        onOutcome({ text: plain(), done: false });
      } else if (event.type === 'exit') onOutcome({ text: `${plain()}${event.message}`, done: true });
    },
    (error) => onOutcome({ text: error.message, done: true }),
  );
}

/** Safe to show, with the line ends and tabs that a listing is made of. */
function visibleLines(text: string): string {
  return text.replaceAll(/[^\n\t]+/g, visibleText);
}

interface Props {
  readonly endpoint: string;
  readonly backend: Backend;
  readonly snapshot: Snapshot;
  readonly name: string;
  readonly process: Process;
  readonly onClose: () => void;
}

/** The same command outside and inside: two answers from one kernel. */
export function ProofDialog({ endpoint, backend, snapshot, name, process, onClose }: Props) {
  const [command, setCommand] = useState<string>(COMMANDS[0]);
  const [outside, setOutside] = useState<Outcome>({ text: '', done: false });
  const [inside, setInside] = useState<Outcome>({ text: '', done: false });
  const field = useId();
  // A new scan must not run it again.
  const tree = useMemo(() => (treeOfVm(snapshot)?.pid === 1 ? 'init' : 'engine'), [snapshot]);

  useEffect(() => {
    const words = command.split(' ');
    setOutside({ text: '', done: false });
    setInside({ text: '', done: false });
    const namespaces = NAMESPACE_KINDS.filter((kind) => process.namespaces[kind] !== null);
    const { pid, startTime } = process;
    const stops = [
      run(backend, endpoint, { type: 'vm', tree, command: words }, setOutside),
      run(
        backend,
        endpoint,
        // The container's own programs run there: with no more rights than it has.
        { type: 'enter', pid, startTime, namespaces, root: true, user: 'target', command: words },
        setInside,
      ),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [backend, endpoint, process, command, tree]);

  const sides = [
    { title: t('Outside: {name}', { name: visibleText(snapshot.host.hostname) }), outcome: outside },
    { title: t('Inside: {name}', { name: visibleText(name) }), outcome: inside },
  ];
  return (
    <Dialog title={t('One kernel, two views')} onClose={onClose}>
      <div className="field">
        <label htmlFor={field}>{t('Run on both sides')}</label>
        <select id={field} value={command} onChange={(event) => setCommand(event.target.value)}>
          {COMMANDS.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </div>
      <div className="proof">
        {sides.map(({ title, outcome }) => (
          <section key={title} aria-label={title}>
            <h3>
              {title} <CopyButton text={outcome.text} label={t('this output')} />
            </h3>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
            <pre tabIndex={0} aria-busy={!outcome.done}>
              {outcome.text === '' && !outcome.done ? t('Running…') : visibleLines(outcome.text)}
            </pre>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
