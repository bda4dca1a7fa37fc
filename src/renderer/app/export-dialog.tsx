import { type ReactNode, useEffect, useId, useState } from 'react';
import { FILE_THEMES } from '#core/export/drawing.ts';
import { EXPORT_FORMATS, EXPORT_VIEWS, type ExportView, exportFormat } from '#core/export/formats.ts';
import { renderSvg } from '#core/export/svg.ts';
import { visibleText } from '#core/text/visible.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import { exportViewOf, writeFile } from '../commands/export.ts';
import { type ExportChoice, fileName, pictureOf, selectedContainers, viewOf } from '../commands/export-file.ts';
import { usePage, usePageState } from '../page/page.ts';
import { loadExport, saveExport } from '../state/saved.ts';
import { shownSnapshot } from '../state/state.ts';
import { Dialog } from '../ui/dialog.tsx';
import { currentTheme } from '../ui/theme.ts';
import { type Made, Preview } from './export-preview.tsx';
import './export-dialog.css';

const VIEW_WORDS: Readonly<Record<ExportView, PlainMessage>> = {
  sharing: 'Graph',
  levels: 'Levels',
  wiring: 'Wiring',
  table: 'Table',
  processes: 'Processes',
  resources: 'Resources',
};
const THEME_WORDS = { light: 'Light', dark: 'Dark', transparent: 'Transparent' } as const;
const SCALES = ['1', '2', '4'] as const;

function Choice({
  label,
  value,
  options,
  disabled = false,
  first = false,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly disabled?: boolean;
  readonly first?: boolean;
  readonly onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        data-first={first || undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </>
  );
}

function Check({
  label,
  checked,
  disabled = false,
  onChange,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={checked && !disabled}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      {label}
    </label>
  );
}

/** The preview of the current choice. It is made a moment later, so that the dialog itself reacts at once. */
function useMade(choice: ExportChoice): { readonly made: Made | null; readonly problem: string | null } {
  const page = usePage();
  const [state, setState] = useState<{ of: ExportChoice; made: Made | null; problem: string | null } | null>(null);
  useEffect(() => {
    let wanted = true;
    const make = async (): Promise<Made> => {
      const picture = await pictureOf(page, choice, page.picture.current?.scene() ?? null);
      return { picture, content: exportFormat(choice.format).render(picture) };
    };
    const timer = setTimeout(() => {
      make().then(
        (made) => wanted && setState({ of: choice, made, problem: null }),
        (thrown: unknown) => {
          const problem = thrown instanceof Error ? thrown.message : String(thrown);
          if (wanted) setState({ of: choice, made: null, problem });
        },
      );
    }, 20);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [page, choice]);
  // A preview of an earlier choice is not what would be saved now.
  return state?.of === choice ? state : { made: null, problem: null };
}

/** What is written into the clipboard, and whether that worked. */
function useCopy(): { readonly said: string; readonly copy: (item: () => ClipboardItem) => void } {
  const [said, setSaid] = useState('');
  const copy = (item: () => ClipboardItem): void => {
    setSaid(t('Copying…'));
    // Absent where the page is not served securely.
    const written = navigator.clipboard?.write === undefined ? Promise.reject() : navigator.clipboard.write([item()]);
    written.then(
      () => setSaid(t('Copied')),
      () => setSaid(t('Not copied: save the file instead')),
    );
  };
  return { said, copy };
}

/** One dialog for every file: format, view, colours and size, with what comes out of it. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const page = usePage();
  const snapshot = usePageState(shownSnapshot);
  const selection = usePageState((state) => state.selection);
  const busy = usePageState((state) => state.exporting !== null);
  const [choice, setChoice] = useState<ExportChoice>(() => ({
    ...{ format: 'svg', theme: currentTheme().name, scale: null, mask: false, screen: false },
    ...loadExport(),
    view: exportViewOf(page.store.get()),
    selected: false,
  }));
  const { made, problem } = useMade(choice);
  const { said, copy } = useCopy();
  const format = exportFormat(choice.format);
  const view = viewOf(choice);
  const drawn = ['svg', 'png', 'pdf'].includes(choice.format);
  const some = snapshot !== null && selectedContainers(selection, snapshot).size > 0;

  function change(part: Partial<ExportChoice>): void {
    const next = { ...choice, ...part };
    setChoice(next);
    saveExport({ format: next.format, theme: next.theme, scale: next.scale, mask: next.mask, screen: next.screen });
  }

  /** The picture as a PNG, whatever the format is. */
  function copyPicture({ content }: Made): void {
    const pdf = content.type === 'pdf' ? content.pages[0] : undefined;
    const svg = content.type === 'png' ? content.svg : content.type === 'text' ? content.text : pdf && renderSvg(pdf);
    if (svg === undefined) return;
    const png = page.actions.png(svg, choice.scale).then(({ bytes }) => new Blob([bytes], { type: 'image/png' }));
    copy(() => new ClipboardItem({ 'image/png': png }));
  }

  const row = (node: ReactNode): ReactNode => <div className="export-row">{node}</div>;
  return (
    <Dialog title={t('Export')} onClose={onClose}>
      <div className="export">
        <div className="export-choices">
          {row(
            <Choice
              label={t('Format')}
              first
              value={choice.format}
              options={EXPORT_FORMATS.map(({ id, label, extension }) => [id, `${t(label)} .${extension}`])}
              onChange={(id) => {
                const chosen = EXPORT_FORMATS.find((each) => each.id === id);
                if (chosen !== undefined) change({ format: chosen.id });
              }}
            />,
          )}
          {row(
            <Choice
              label={t('View')}
              value={format.views.length === 0 ? 'all' : view}
              disabled={format.views.length < 2}
              options={
                format.views.length === 0
                  ? [['all', t('The whole snapshot')]]
                  : format.views.map((each) => [each, t(VIEW_WORDS[each])])
              }
              onChange={(id) => {
                const chosen = EXPORT_VIEWS.find((each) => each === id);
                if (chosen !== undefined) change({ view: chosen });
              }}
            />,
          )}
          {row(
            <Choice
              label={t('Colours')}
              value={choice.theme}
              disabled={!drawn}
              options={FILE_THEMES.map((theme) => [theme, t(THEME_WORDS[theme])])}
              onChange={(id) => {
                const theme = FILE_THEMES.find((each) => each === id);
                if (theme !== undefined) change({ theme });
              }}
            />,
          )}
          {row(
            <Choice
              label={t('Size')}
              value={choice.scale === null ? '' : String(choice.scale)}
              disabled={choice.format !== 'png'}
              options={[['', t('Automatic')], ...SCALES.map((scale) => [scale, `${scale}×`] as const)]}
              onChange={(scale) => change({ scale: scale === '' ? null : (Number(scale) as 1 | 2 | 4) })}
            />,
          )}
          <Check
            label={t('As on the screen, not for a page of 16:9')}
            checked={choice.screen}
            disabled={view !== 'sharing' || format.views.length === 0 || choice.mask || choice.selected}
            onChange={(screen) => change({ screen })}
          />
          <Check
            label={t('What is selected, with its partners, alone')}
            checked={choice.selected}
            disabled={!some}
            onChange={(selected) => change({ selected })}
          />
          <Check
            label={t('Mask names, images, paths and addresses')}
            checked={choice.mask}
            onChange={(mask) => change({ mask })}
          />
        </div>
        {problem !== null ? (
          <p className="reason" role="alert">
            {visibleText(problem)}
          </p>
        ) : made === null ? (
          <p className="muted" role="status">
            {t('Drawing…')}
          </p>
        ) : (
          <Preview made={made} />
        )}
      </div>
      <div className="dialog-foot">
        <span className="grow muted" role="status">
          {said === '' && made !== null ? visibleText(fileName(format, made.picture)) : said}
        </span>
        {drawn && (
          <button type="button" disabled={made === null} onClick={() => made !== null && copyPicture(made)}>
            {t('Copy as picture')}
          </button>
        )}
        {made?.content.type === 'text' && (
          <button
            type="button"
            onClick={() => {
              const text = made.content.type === 'text' ? made.content.text : '';
              copy(() => new ClipboardItem({ 'text/plain': new Blob([text], { type: 'text/plain' }) }));
            }}
          >
            {t('Copy as text')}
          </button>
        )}
        <button
          type="button"
          className="primary"
          disabled={made === null || busy}
          onClick={() => {
            if (made === null) return;
            onClose();
            void writeFile(page, choice, () => Promise.resolve(made));
          }}
        >
          {t('Save')}
        </button>
      </div>
    </Dialog>
  );
}
