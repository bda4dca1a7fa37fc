import { useContext, useState } from 'react';
import { type RequestParams, SIGNALS, type SignalName } from '#api/contract.ts';
import { commandName } from '#core/enter/command-line.ts';
import { isVm } from '#core/enter/vm-target.ts';
import type { Container, Process } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import { Icon } from '../ui/icon.tsx';
import { Popover } from '../ui/menu.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { losses } from './losses.ts';
import { WorkbenchContext } from './workbench.ts';

type ContainerAction = RequestParams<'container.act'>['action'];

interface ActionText {
  readonly label: PlainMessage;
  readonly text: PlainMessage;
  readonly command: (name: string) => string;
  /** Its namespaces end or are made again, so those that borrow them are named. */
  readonly ends?: true;
}

const ACTION_TEXTS: Readonly<Record<ContainerAction, ActionText>> = {
  start: { label: 'Start', text: 'The container is started again.', command: (name) => `docker start ${name}` },
  pause: {
    label: 'Pause',
    text: 'All its processes are frozen where they are, until it is unpaused.',
    command: (name) => `docker pause ${name}`,
  },
  unpause: { label: 'Unpause', text: 'Its processes continue.', command: (name) => `docker unpause ${name}` },
  stop: {
    label: 'Stop',
    text: 'Its main process gets SIGTERM, and SIGKILL after the grace period. Containers that joined its namespaces keep the old ones until they are restarted.',
    command: (name) => `docker stop ${name}`,
    ends: true,
  },
  restart: {
    label: 'Restart',
    text: 'It is stopped and started, and gets new namespaces. Containers that joined the old ones stay in them.',
    command: (name) => `docker restart ${name}`,
    ends: true,
  },
  remove: {
    label: 'Remove',
    text: 'It is killed and removed, with everything that was written into it. Volumes stay. This cannot be undone.',
    command: (name) => `docker rm --force ${name}`,
    ends: true,
  },
};

function deedsOf({ state }: Container): ContainerAction[] {
  if (state === 'running') return ['pause', 'stop', 'restart', 'remove'];
  if (state === 'paused') return ['unpause', 'remove'];
  return ['start', 'remove'];
}

/** Asks before a container is acted on: what happens, and who loses what by it. */
function ActDialog(props: {
  readonly container: Container;
  readonly action: ContainerAction;
  readonly onClose: () => void;
}) {
  const { container, action, onClose } = props;
  const workbench = useContext(WorkbenchContext);
  if (workbench === null) return null;
  const { label, text, command, ends } = ACTION_TEXTS[action];
  const lost = ends === true ? losses(workbench.snapshot, container) : '';
  return (
    <ConfirmDialog
      title={t('{action} {name}?', { action: t(label), name: visibleText(container.name) })}
      text={t(text)}
      warning={lost}
      command={command(commandName(container))}
      verb={t(label)}
      onConfirm={() =>
        workbench.backend.request('container.act', { endpoint: workbench.endpoint, id: container.id, action })
      }
      onClose={onClose}
    />
  );
}

/** A button for one action, which asks first. */
export function ActButton({ container, action }: { readonly container: Container; readonly action: ContainerAction }) {
  const workbench = useContext(WorkbenchContext);
  const [asked, setAsked] = useState(false);
  return (
    <>
      <button
        type="button"
        disabled={workbench === null}
        title={workbench === null ? t('Only while the picture is live') : undefined}
        onClick={() => setAsked(true)}
      >
        {t('{action} {name}…', { action: t(ACTION_TEXTS[action].label), name: visibleText(container.name) })}
      </button>
      {asked && <ActDialog container={container} action={action} onClose={() => setAsked(false)} />}
    </>
  );
}

/** Shells in a container and what may be done to it. */
export function ContainerTools({ container }: { readonly container: Container }) {
  const workbench = useContext(WorkbenchContext);
  const [asked, setAsked] = useState<ContainerAction | null>(null);
  if (workbench === null) return null;
  const process = workbench.snapshot.processes.find(({ pid }) => pid === container.pid);
  const running = container.state === 'running';
  return (
    <div className="tools">
      <button
        type="button"
        disabled={!running}
        title={visibleText(`docker exec -it ${commandName(container)} sh`)}
        onClick={() =>
          workbench.open({
            title: container.name,
            target: { type: 'container', id: container.id, user: '', command: [] },
            root: false,
          })
        }
      >
        {t('Shell')}
      </button>
      <button
        type="button"
        disabled={process === undefined}
        title={t('Choose which of its namespaces to join, as root')}
        onClick={() => process !== undefined && workbench.enter(process, container.name)}
      >
        {t('Enter…')}
      </button>
      <button
        type="button"
        disabled={process === undefined}
        title={t('One command outside and inside, side by side')}
        onClick={() => process !== undefined && workbench.prove(container, process)}
      >
        {t('Compare…')}
      </button>
      <Popover
        menu
        name={t('Actions on {name}', { name: visibleText(container.name) })}
        label={
          <>
            {t('Actions')}
            <Icon name="down" />
          </>
        }
      >
        {(close) =>
          deedsOf(container).map((action) => (
            <button
              key={action}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                close();
                setAsked(action);
              }}
            >
              {t('{action}…', { action: t(ACTION_TEXTS[action].label) })}
            </button>
          ))
        }
      </Popover>
      {asked !== null && <ActDialog container={container} action={asked} onClose={() => setAsked(null)} />}
    </div>
  );
}

const SIGNAL_NAMES = Object.keys(SIGNALS) as SignalName[];

/** Enters a process, or sends it a signal. */
export function ProcessTools({ process }: { readonly process: Process }) {
  const workbench = useContext(WorkbenchContext);
  const [asked, setAsked] = useState<SignalName | null>(null);
  if (workbench === null || process.kernelThread) return null;
  const { pid, startTime } = process;
  return (
    <div className="tools">
      <button
        type="button"
        title={t('Choose which of its namespaces to join, as root')}
        onClick={() => workbench.enter(process, `${process.comm} ${pid}`)}
      >
        {t('Enter…')}
      </button>
      <Popover
        menu
        name={t('Signal process {pid}', { pid })}
        label={
          <>
            {t('Signal')}
            <Icon name="down" />
          </>
        }
      >
        {(close) =>
          SIGNAL_NAMES.map((signal) => (
            <button
              key={signal}
              type="button"
              role="menuitem"
              tabIndex={-1}
              onClick={() => {
                close();
                setAsked(signal);
              }}
            >
              SIG{signal}… <span className="muted">{SIGNALS[signal]}</span>
            </button>
          ))
        }
      </Popover>
      {asked !== null && (
        <ConfirmDialog
          title={t('Send SIG{signal} to process {pid}?', { signal: asked, pid })}
          text={t(
            '{name} gets it, whatever container it is in. By default most signals end a process; the end of a container’s main process ends the container.',
            { name: visibleText(process.comm) },
          )}
          command={`kill -${asked} ${pid}`}
          verb={t('Send SIG{signal}', { signal: asked })}
          onConfirm={() =>
            workbench.backend.request('process.signal', { endpoint: workbench.endpoint, pid, startTime, signal: asked })
          }
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}

/** A root shell in the VM, or where there is none on the host. */
export function VmTools() {
  const workbench = useContext(WorkbenchContext);
  if (workbench === null) return null;
  return (
    <div className="tools">
      <button type="button" onClick={() => workbench.enterVm()}>
        {isVm(workbench.snapshot) ? t('Shell in the VM…') : t('Shell on the host…')}
      </button>
    </div>
  );
}
