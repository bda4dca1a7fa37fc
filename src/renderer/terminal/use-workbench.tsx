import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { Container, Process, Snapshot } from '#core/snapshot/snapshot.ts';
import { Dock } from './dock.tsx';
import { EnterDialog, VmDialog } from './enter-dialog.tsx';
import { ProofDialog } from './proof-dialog.tsx';
import { vmFacts } from './tools.tsx';
import type { Backend, Tab, Workbench } from './workbench.ts';

type Asked =
  | { readonly type: 'enter'; readonly process: Process; readonly title: string }
  | { readonly type: 'vm' }
  | { readonly type: 'prove'; readonly container: Container; readonly process: Process };

let nextKey = 1;

/**
 * The terminals of the page, and the dialogs that open them.
 * @param endpoint null while what is shown is not live: a file, the recording, or nothing
 */
export function useWorkbench(
  endpoint: string | null,
  snapshot: Snapshot | null,
  backend: Backend,
): { readonly bench: Workbench | null; readonly dock: ReactNode } {
  const [tabs, setTabs] = useState<readonly Tab[]>([]);
  const [active, setActive] = useState(0);
  const [asked, setAsked] = useState<Asked | null>(null);

  const open = useCallback(
    (tab: Omit<Tab, 'key' | 'endpoint'>): void => {
      if (endpoint === null) return;
      const key = nextKey++;
      setTabs((before) => [...before, { ...tab, key, endpoint }]);
      setActive(key);
    },
    [endpoint],
  );
  const close = useCallback((key: number): void => {
    setTabs((before) => before.filter((tab) => tab.key !== key));
    setActive((before) => (before === key ? 0 : before));
  }, []);
  useEffect(() => {
    if (active === 0 && tabs.length > 0) setActive(tabs.at(-1)?.key ?? 0);
  }, [active, tabs]);

  const bench = useMemo<Workbench | null>(
    () =>
      endpoint === null || snapshot === null
        ? null
        : {
            endpoint,
            backend,
            snapshot,
            open,
            enter: (process, title) => setAsked({ type: 'enter', process, title }),
            enterVm: () => setAsked({ type: 'vm' }),
            prove: (container, process) => setAsked({ type: 'prove', container, process }),
          },
    [endpoint, backend, snapshot, open],
  );
  const closeDialog = useCallback((): void => setAsked(null), []);

  const dock = (
    <>
      <Dock
        tabs={tabs}
        active={active}
        backend={backend}
        onActivate={setActive}
        onClose={close}
        onVm={bench === null ? null : bench.enterVm}
      />
      {bench !== null && asked?.type === 'enter' && (
        <EnterDialog
          process={asked.process}
          title={asked.title}
          snapshot={bench.snapshot}
          onOpen={open}
          onClose={closeDialog}
        />
      )}
      {bench !== null && asked?.type === 'vm' && (
        <VmDialog {...vmFacts(bench.snapshot)} onOpen={open} onClose={closeDialog} />
      )}
      {bench !== null && asked?.type === 'prove' && (
        <ProofDialog
          endpoint={bench.endpoint}
          backend={backend}
          snapshot={bench.snapshot}
          name={asked.container.name}
          process={asked.process}
          onClose={closeDialog}
        />
      )}
    </>
  );
  return { bench, dock };
}
