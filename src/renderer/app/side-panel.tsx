import { selectGraph, selectSharing } from '../page/derived.ts';
import { usePage, usePageState } from '../page/page.ts';
import { Panel } from '../panels/panel.tsx';
import { shownSnapshot } from '../state/state.ts';

/** The details of what is selected, where they are wanted and there is something to tell. */
export function SidePanel() {
  const { store, select } = usePage();
  const open = usePageState((state) => state.panel);
  const snapshot = usePageState(shownSnapshot);
  const sharing = usePageState(selectSharing);
  const graph = usePageState(selectGraph);
  const selection = usePageState((state) => state.selection);
  const canGoBack = usePageState((state) => state.back.length > 0);
  const canGoForward = usePageState((state) => state.forward.length > 0);
  if (!open || snapshot === null || sharing === null || graph === null) return null;
  return (
    <Panel
      snapshot={snapshot}
      sharing={sharing}
      graph={graph}
      selection={selection}
      canGoBack={canGoBack}
      canGoForward={canGoForward}
      onSelect={select}
      onBack={() => store.dispatch({ type: 'back' })}
      onForward={() => store.dispatch({ type: 'forward' })}
      onHide={() => store.dispatch({ type: 'panel', panel: false })}
    />
  );
}
