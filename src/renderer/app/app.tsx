import { useEffect, useMemo, useRef } from 'react';
import { language } from '#core/words/language.ts';
import { GuideDialog } from '../commands/guide-dialog.tsx';
import { Palette } from '../commands/palette.tsx';
import { ShortcutsDialog } from '../commands/shortcuts-dialog.tsx';
import { ComparisonBar } from '../compare/comparison-bar.tsx';
import { DifferenceList } from '../compare/difference-list.tsx';
import { type Page, PageContext, usePage, usePageState } from '../page/page.ts';
import { FindingsDialog } from '../panels/findings-dialog.tsx';
import { IsolationDialog } from '../panels/isolation-dialog.tsx';
import { ReachDialog } from '../reach/reach-dialog.tsx';
import { saveStage, saveView } from '../state/saved.ts';
import { isStale } from '../state/state.ts';
import { Terminals } from '../terminal/terminals.tsx';
import { TimeLine } from '../time/time-line.tsx';
import { chooseLanguage } from '../ui/language.ts';
import { chooseTheme } from '../ui/theme.ts';
import { WorkbenchProvider } from '../workbench/provider.tsx';
import { AboutDialog } from './about-dialog.tsx';
import { Banners } from './banners.tsx';
import { Bar } from './bar.tsx';
import { DropZone } from './drop-zone.tsx';
import { EndpointsDialog } from './endpoints-dialog.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { titleOf } from './names.ts';
import { SettingsDialog } from './settings-dialog.tsx';
import { SidePanel } from './side-panel.tsx';
import { Stage } from './stage.tsx';
import { StatusLine } from './status-line.tsx';
import { ToastBox } from './toasts.tsx';
import { useCommands } from './use-commands.ts';
import { useWelcome, Welcome } from './welcome.tsx';

/** The whole page: bar, views with banners over them, details, terminals, status line. */
export function App({ page }: { readonly page: Page }) {
  return (
    <PageContext value={page}>
      <Spoken />
    </PageContext>
  );
}

/** Draws everything again when the language changes. Open shells keep running. */
function Spoken() {
  const choice = usePageState(({ settings }) => settings?.language);
  const system = usePageState(({ app }) => app?.systemLanguage);
  // Before any component below asks for a text.
  useMemo(() => {
    if (choice !== undefined && system !== undefined) chooseLanguage(choice, system);
  }, [choice, system]);
  useSaidAnew();
  return (
    <WorkbenchProvider>
      <Remembered />
      <DropZone>
        <h1 className="hidden">Bulkhead</h1>
        <Bar />
        <ComparisonBar />
        <Main key={language()} />
        <Terminals />
        <StatusLine />
        <ToastBox />
        <Dialogs />
      </DropZone>
    </WorkbenchProvider>
  );
}

/** Texts that were kept in the old language: they are asked for again, or dropped. */
function useSaidAnew(): void {
  const { store, actions } = usePage();
  const now = language();
  const before = useRef(now);
  useEffect(() => {
    if (before.current === now) return;
    before.current = now;
    store.dispatch({ type: 'failure', failure: null });
    actions.refreshEndpoints();
  }, [now, store, actions]);
}

function Main() {
  const stale = usePageState(isStale);
  const past = usePageState((state) => state.moment !== null);
  return (
    <main className={`stage ${stale ? 'stale' : ''} ${past ? 'past' : ''}`}>
      <DifferenceList />
      <div className="views" data-region="views">
        <Banners />
        <Stage />
        <TimeLine />
      </div>
      <SidePanel />
    </main>
  );
}

function Dialogs() {
  const { store } = usePage();
  const dialog = usePageState((state) => state.dialog);
  const close = (): void => {
    // A command of the palette may have opened another one.
    if (store.get().dialog === dialog) store.dispatch({ type: 'dialog', dialog: null });
  };
  if (dialog === 'endpoints') return <EndpointsDialog onClose={close} />;
  if (dialog === 'welcome') return <Welcome onClose={close} />;
  if (dialog === 'guide') return <GuideDialog onClose={close} />;
  if (dialog === 'export') return <ExportDialog onClose={close} />;
  if (dialog === 'settings') return <SettingsDialog onClose={close} />;
  if (dialog === 'about') return <AboutDialog onClose={close} />;
  if (dialog === 'shortcuts') return <ShortcutsDialog onClose={close} />;
  if (dialog === 'findings') return <FindingsDialog onClose={close} />;
  if (dialog === 'reach') return <ReachDialog onClose={close} />;
  if (dialog === 'isolation') return <IsolationDialog onClose={close} />;
  return dialog === 'palette' ? <Palette onClose={close} /> : null;
}

/** The window's title and what is remembered between visits. Draws nothing. */
function Remembered() {
  const endpoint = usePageState((state) => (state.file === null ? state.endpoint : null));
  const view = usePageState((state) => state.view);
  const shown = usePageState((state) => state.shown);
  const panel = usePageState((state) => state.panel);
  const timeLine = usePageState((state) => state.timeLine);
  const cardUse = usePageState((state) => state.cardUse);
  const title = usePageState(titleOf);
  useEffect(() => {
    if (endpoint !== null) saveView(endpoint, view);
  }, [endpoint, view]);
  useEffect(() => saveStage({ shown, panel, timeLine, cardUse }), [shown, panel, timeLine, cardUse]);
  useEffect(() => {
    document.title = `${title} – Bulkhead`;
  }, [title]);
  const theme = usePageState(({ settings }) => settings?.theme);
  useEffect(() => {
    if (theme !== undefined) chooseTheme(theme);
  }, [theme]);
  useCommands();
  useWelcome();
  return null;
}
