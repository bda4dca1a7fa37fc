import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import { usePage, usePageState } from '../page/page.ts';
import { liveEndpoint, shownSnapshot } from '../state/state.ts';
import {
  type Asked,
  type Tab,
  type Terminals,
  TerminalsContext,
  type Workbench,
  WorkbenchContext,
} from './workbench.ts';

let nextKey = 1;

/** What can be done to what is shown, for every part of the page, and the terminals that were opened. */
export function WorkbenchProvider({ children }: { readonly children: ReactNode }) {
  const { backend } = usePage().actions;
  const endpoint = usePageState(liveEndpoint);
  const snapshot = usePageState(shownSnapshot);
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

  const workbench = useMemo<Workbench | null>(
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
  const terminals = useMemo<Terminals>(
    () => ({ tabs, active, asked, activate: setActive, close, answered: () => setAsked(null) }),
    [tabs, active, asked, close],
  );
  return (
    <WorkbenchContext value={workbench}>
      <TerminalsContext value={terminals}>{children}</TerminalsContext>
    </WorkbenchContext>
  );
}
