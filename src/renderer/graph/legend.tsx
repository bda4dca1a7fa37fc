import { useMemo, useState } from 'react';
import { CHANGE_STYLES, changeSampleMarks, changesIn } from '#core/layout/change-marks.ts';
import { laneSampleMarks } from '#core/layout/lane-marks.ts';
import { legendSigns, signSample } from '#core/layout/legend-marks.ts';
import { strandMarks } from '#core/layout/line-marks.ts';
import type { Mark } from '#core/layout/marks.ts';
import type { SceneGraph, ViewOptions } from '#core/layout/scene.ts';
import { barSampleMarks } from '#core/layout/use-marks.ts';
import { KIND_NAME } from '#core/sharing/describe.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';
import { counted, t } from '#core/words/words.ts';
import { toggleKind } from '../commands/view.ts';
import { Icon } from '../ui/icon.tsx';
import { MarksSvg } from '../ui/marks-svg.tsx';
import { useTheme } from '../ui/theme.ts';

interface Props {
  readonly view: ViewOptions;
  readonly graph: SceneGraph;
  /** Whether cards tell what is used now; null where that is not known of what is shown. */
  readonly cardUse: boolean | null;
  readonly onCardUse: (wanted: boolean) => void;
  readonly onView: (view: Partial<ViewOptions>) => void;
}

/** Of what is shown: how many namespaces of each kind are shared, and how many nodes are in the host's by choice. */
function countsOf(graph: SceneGraph): Map<NamespaceKind, { shared: number; chosen: number }> {
  const shared = new Set<string>();
  const out = new Map(NAMESPACE_KINDS.map((kind) => [kind, { shared: 0, chosen: 0 }]));
  for (const { strip } of graph.nodes) {
    for (const { kind, standing, namespace, told } of strip) {
      const counts = out.get(kind);
      if (counts === undefined || namespace === null) continue;
      if (standing === 'host') counts.chosen += Number(told);
      else if (standing === 'shared' && !shared.has(namespace)) {
        shared.add(namespace);
        counts.shared += 1;
      }
    }
  }
  return out;
}

const SAMPLE = [
  { x: 2, y: 8 },
  { x: 28, y: 8 },
] as const;

/** What the signs mean; each kind is also a switch. One line, or none. */
export function Legend({ view, graph, cardUse, onCardUse, onView }: Props) {
  const theme = useTheme();
  const [open, setOpen] = useState(true);
  const counts = useMemo(() => countsOf(graph), [graph]);
  const keys = useMemo(
    () =>
      NAMESPACE_KINDS.map((kind): readonly [NamespaceKind, readonly Mark[]] => [
        kind,
        strandMarks(
          kind,
          [
            { x: 1, y: 8 },
            { x: 25, y: 8 },
          ],
          { theme, unit: 1 },
        ),
      ]),
    [theme],
  );
  const changes = changesIn(graph.nodes);
  const signs = useMemo(() => {
    const has = { machine: graph.machine.length > 0, broken: graph.broken.length > 0 };
    return legendSigns(has).map((sign) => [sign.text, signSample(sign, SAMPLE, { theme, unit: 1 })] as const);
  }, [graph, theme]);
  if (!open) {
    return (
      <button type="button" className="legend-open" onClick={() => setOpen(true)}>
        {t('Legend')}
      </button>
    );
  }
  return (
    <fieldset className="legend">
      <legend>{t('Namespaces')}</legend>
      {keys.map(([kind, marks], index) => {
        const { shared, chosen } = counts.get(kind) ?? { shared: 0, chosen: 0 };
        const told = t("{shared, number} shared, {chosen, number} in the host's by choice", { shared, chosen });
        return (
          <button
            key={kind}
            type="button"
            className="key"
            aria-pressed={view.kinds.includes(kind)}
            title={t('{kind}: {told}. Click or {key} hides and shows it, with Shift it alone.', {
              kind: t(KIND_NAME[kind]),
              told,
              key: index + 1,
            })}
            onClick={(event) => onView(toggleKind(view, kind, event.shiftKey))}
          >
            <MarksSvg width={26} height={16} marks={marks} />
            <span className="name">{kind}</span>{' '}
            <span className="count" aria-hidden="true">
              {counted(shared + chosen)}
            </span>
            <span className="hidden">{told}</span>
          </button>
        );
      })}
      <button
        type="button"
        className="host-links"
        aria-pressed={view.hostLinks}
        title={t(
          "A line to the machine for everything that is the machine's own, not only for what is by choice. Key h",
        )}
        onClick={() => onView({ hostLinks: !view.hostLinks })}
      >
        {t("All of the host's")}
      </button>
      <button
        type="button"
        className="host-links"
        aria-pressed={view.services}
        title={t("What runs on the host beside the containers: services, and other engines' containers. Key s")}
        onClick={() => onView({ services: !view.services })}
      >
        {t('Services')}
      </button>
      <button
        type="button"
        className="host-links"
        aria-pressed={view.networks}
        title={t('The Docker networks as thin lanes between the cards: a point where a container is in one. Key w')}
        onClick={() => onView({ networks: !view.networks })}
      >
        {t('Networks')}
      </button>
      {cardUse !== null && (
        <button
          type="button"
          className="host-links"
          aria-pressed={cardUse}
          title={t(
            "Two bars on every card: what it uses of the machine's processors, on the left, and memory, on the right. Key u",
          )}
          onClick={() => onCardUse(!cardUse)}
        >
          {t('Use ⟨of the machine⟩')}
        </button>
      )}
      <div className="marks">
        {cardUse === true && (
          <span>
            <MarksSvg width={44} height={16} marks={barSampleMarks({ theme, unit: 1 })} />
            {t('use of processors, of memory')}
          </span>
        )}
        {graph.networks.length > 0 && (
          <span>
            <MarksSvg width={34} height={16} marks={laneSampleMarks({ x: 0, y: 8 }, { theme, unit: 1 })} />
            {t('Docker network')}
          </span>
        )}
        {changes.map((change) => (
          <span key={change}>
            <MarksSvg width={34} height={16} marks={changeSampleMarks(change, { x: 0, y: 0 }, theme)} />
            {t(CHANGE_STYLES[change].word)}
          </span>
        ))}
        {signs.map(([text, marks]) => (
          <span key={text}>
            <MarksSvg width={34} height={16} marks={marks} />
            {text}
          </span>
        ))}
      </div>
      <button type="button" className="legend-close" aria-label={t('Close the legend')} onClick={() => setOpen(false)}>
        <Icon name="close" />
      </button>
    </fieldset>
  );
}
