import { type FormEvent, useId, useState } from 'react';
import { enterCommandLine } from '#core/enter/command-line.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';
import type { Process, Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { loadPrivilegeAgreed, savePrivilegeAgreed } from '../state/saved.ts';
import { Copy } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { rich } from '../ui/rich.tsx';
import type { Tab } from '../workbench/workbench.ts';

type Opened = Omit<Tab, 'key' | 'endpoint'>;

/** What full privilege means; asked for once, then only said. */
function Privilege() {
  return (
    <p className="privilege">
      {rich(
        'This starts a helper container with <strong>{option}</strong>: the shell in it is root outside of all containers, on the Linux that runs them. It can read and change everything there, other containers’ files and secrets too. Bulkhead removes the helper when the shell is closed.',
        { option: '--privileged', strong: (option) => <strong>{option}</strong> },
      )}
    </p>
  );
}

/** The words of a command as a user types them: separated by spaces, with quotes for spaces. */
function words(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

type Verb = 'Open root shell' | 'Open shell';
const UNDERSTOOD = {
  'Open root shell': 'I understand: open root shell',
  'Open shell': 'I understand: open shell',
} as const;

function Foot({
  onClose,
  verb,
  disabled = false,
}: {
  readonly onClose: () => void;
  readonly verb: Verb;
  readonly disabled?: boolean;
}) {
  const agreed = loadPrivilegeAgreed();
  return (
    <div className="dialog-foot">
      <button type="button" onClick={onClose}>
        {t('Cancel')}
      </button>
      <button type="submit" className="danger" disabled={disabled}>
        {t(agreed ? verb : UNDERSTOOD[verb])}
      </button>
    </div>
  );
}

interface EnterProps {
  readonly process: Process;
  readonly title: string;
  readonly snapshot: Snapshot;
  readonly onOpen: (tab: Opened) => void;
  readonly onClose: () => void;
}

/** Which namespaces of a process to join, whose root directory, and as whom. */
export function EnterDialog({ process, title, snapshot, onOpen, onClose }: EnterProps) {
  const known = NAMESPACE_KINDS.filter((kind) => process.namespaces[kind] !== null);
  const [kinds, setKinds] = useState<readonly NamespaceKind[]>(known);
  const [root, setRoot] = useState(true);
  const [user, setUser] = useState<'root' | 'target'>('root');
  const [command, setCommand] = useState('');
  const field = useId();
  const choice = { pid: process.pid, namespaces: kinds, root, user, command: words(command) };

  function submit(event: FormEvent): void {
    event.preventDefault();
    savePrivilegeAgreed();
    onOpen({
      title,
      target: { type: 'enter', startTime: process.startTime, ...choice, namespaces: [...kinds] },
      root: user === 'root',
    });
    onClose();
  }

  return (
    <Dialog title={t('Enter {title}', { title: visibleText(title) })} onClose={onClose}>
      <form className="enter-form" onSubmit={submit}>
        <Privilege />
        <fieldset>
          <legend>
            {t('Join these namespaces of process {pid}; the others stay the host’s', { pid: process.pid })}
          </legend>
          {NAMESPACE_KINDS.map((kind) => {
            const id = process.namespaces[kind];
            return (
              <label key={kind} className={`check k-${kind}`}>
                <input
                  type="checkbox"
                  checked={kinds.includes(kind)}
                  disabled={id === null}
                  onChange={(event) =>
                    setKinds(event.target.checked ? [...kinds, kind] : kinds.filter((each) => each !== kind))
                  }
                />
                <span className="swatch" aria-hidden="true" />
                <span>
                  {kind}{' '}
                  <span className="muted">
                    {id === null ? t('unknown') : id === snapshot.host.namespaces[kind] ? t('the host’s') : ''}
                  </span>
                </span>
              </label>
            );
          })}
        </fieldset>
        <fieldset>
          <legend>{t('Root directory and user')}</legend>
          <label className="check">
            <input type="checkbox" checked={root} onChange={(event) => setRoot(event.target.checked)} />
            {t('its root directory (chroot)')}
          </label>
          <label className="check">
            <input
              type="checkbox"
              checked={user === 'target'}
              onChange={(event) => setUser(event.target.checked ? 'target' : 'root')}
            />
            {t('as its user (uid {uid}), with no more rights than it has', { uid: process.uid })}
          </label>
        </fieldset>
        <div className="field">
          <label htmlFor={field}>{t('Command; empty for a shell')}</label>
          <input
            id={field}
            value={command}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setCommand(event.target.value)}
          />
        </div>
        <div>
          <span className="muted">{t('The same, typed by root there:')} </span>
          <Copy text={enterCommandLine(choice)} label={t('nsenter command')} />
        </div>
        <Foot onClose={onClose} verb={user === 'root' ? 'Open root shell' : 'Open shell'} />
      </form>
    </Dialog>
  );
}

interface VmProps {
  /** Else it is the host itself. */
  readonly vm: boolean;
  /** Whether init's mount tree is another than the engine's; null when that is not known. */
  readonly treesDiffer: boolean | null;
  /** Null where the kernel closes init to us. */
  readonly initPid: number | null;
  /** Null where no process is surely this engine's. */
  readonly enginePid: number | null;
  readonly onOpen: (tab: Opened) => void;
  readonly onClose: () => void;
}

/** A root shell in the VM, or on the host: in which of its trees. */
export function VmDialog({ vm, treesDiffer, initPid, enginePid, onOpen, onClose }: VmProps) {
  const [tree, setTree] = useState<'init' | 'engine'>(initPid === null && enginePid !== null ? 'engine' : 'init');
  const group = useId();
  const pid = tree === 'init' ? initPid : enginePid;
  const namespaces = ['mnt', 'net', 'ipc', 'uts', 'cgroup'] as const;

  function submit(event: FormEvent): void {
    event.preventDefault();
    savePrivilegeAgreed();
    onOpen({ title: '', target: { type: 'vm', tree, command: [] }, root: true });
    onClose();
  }

  return (
    <Dialog title={vm ? t('Shell in the VM') : t('Shell on the host')} onClose={onClose}>
      <form className="enter-form" onSubmit={submit}>
        <Privilege />
        <fieldset>
          <legend>
            {treesDiffer === false
              ? t('Init and the engine share one mount tree')
              : t('Whose files to see: the two have different trees')}
          </legend>
          <label className="check">
            <input
              type="radio"
              name={group}
              checked={tree === 'init'}
              disabled={initPid === null}
              onChange={() => setTree('init')}
            />
            <span>
              {t('init’s')}{' '}
              <span className="muted">
                {initPid === null ? t('closed: it cannot be entered here') : `pid ${initPid}`}
              </span>
            </span>
          </label>
          <label className="check">
            <input
              type="radio"
              name={group}
              checked={tree === 'engine'}
              disabled={enginePid === null}
              onChange={() => setTree('engine')}
            />
            <span>
              {t('the engine’s')}{' '}
              <span className="muted">{enginePid === null ? t('not known') : `pid ${enginePid}`}</span>
            </span>
          </label>
        </fieldset>
        {pid === null ? (
          <p>{t('Neither tree can be entered, so there is no such shell.')}</p>
        ) : (
          <div>
            <span className="muted">{t('The same, typed by root there:')} </span>
            <Copy
              text={enterCommandLine({ pid, namespaces, root: true, user: 'root', command: [] })}
              label={t('nsenter command')}
            />
          </div>
        )}
        <Foot onClose={onClose} verb="Open root shell" disabled={pid === null} />
      </form>
    </Dialog>
  );
}
