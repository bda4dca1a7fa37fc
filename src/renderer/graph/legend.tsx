import { useMemo } from 'react';
import { hubShapeMark, type Mark, slotMarks, strandMarks } from '#core/layout/marks.ts';
import type { SceneGraph, ViewOptions } from '#core/layout/scene.ts';
import { KIND_NAME } from '#core/sharing/describe.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';
import { toggleKind } from '../commands/view.ts';
import { MarksSvg } from '../ui/marks-svg.tsx';
import { useTheme } from '../ui/theme.ts';

interface Props {
  readonly view: ViewOptions;
  readonly graph: SceneGraph;
  readonly onView: (view: Partial<ViewOptions>) => void;
}

/** Of what is shown: how many namespaces of each kind are shared, and how many nodes are in the host's. */
function countsOf(graph: SceneGraph): Map<NamespaceKind, { shared: number; host: number }> {
  const shared = new Set<string>();
  const out = new Map(NAMESPACE_KINDS.map((kind) => [kind, { shared: 0, host: 0 }]));
  for (const { strip } of graph.nodes) {
    for (const { kind, standing, namespace } of strip) {
      const counts = out.get(kind);
      if (counts === undefined || namespace === null) continue;
      if (standing === 'host') counts.host += 1;
      else if (standing === 'shared' && !shared.has(namespace)) {
        shared.add(namespace);
        counts.shared += 1;
      }
    }
  }
  return out;
}

const STANDINGS = [
  ['private', 'private'],
  ['shared', 'shared, by how many'],
  ['host', "the host's"],
  ['unknown', 'unknown'],
] as const;

/** What the signs mean; each kind is also a switch. */
export function Legend({ view, graph, onView }: Props) {
  const theme = useTheme();
  const counts = useMemo(() => countsOf(graph), [graph]);
  const keys = useMemo(
    () =>
      NAMESPACE_KINDS.map((kind): readonly [NamespaceKind, readonly Mark[]] => [
        kind,
        [
          ...strandMarks(
            kind,
            [
              { x: 1, y: 8 },
              { x: 33, y: 8 },
            ],
            theme,
          ),
          hubShapeMark(kind, { x: 43, y: 8 }, 6, theme),
        ],
      ]),
    [theme],
  );
  const slots = useMemo(
    () =>
      STANDINGS.map(([standing, text]): readonly [string, readonly Mark[]] => [
        text,
        slotMarks({ kind: 'net', standing, partners: 2 }, { x: 1, y: 0 }, theme),
      ]),
    [theme],
  );
  return (
    <fieldset className="legend">
      <legend>Namespaces</legend>
      {keys.map(([kind, marks], index) => {
        const { shared, host } = counts.get(kind) ?? { shared: 0, host: 0 };
        const told = `${shared} shared, ${host} in the host's`;
        return (
          <button
            key={kind}
            type="button"
            className="key"
            aria-pressed={view.kinds.includes(kind)}
            title={`${KIND_NAME[kind]}: ${told}. Click or ${index + 1} hides and shows it, with Shift it alone.`}
            onClick={(event) => onView(toggleKind(view, kind, event.shiftKey))}
          >
            <MarksSvg width={52} height={16} marks={marks} />
            <span className="name">{kind}</span> <span className="count">{shared}</span>
            <span className="hidden"> shared, {host} in the host's</span>
          </button>
        );
      })}
      <button
        type="button"
        className="host-links"
        aria-pressed={view.hostLinks}
        title="Lines to the host for what is shared with it, instead of badges. Key h"
        onClick={() => onView({ hostLinks: !view.hostLinks })}
      >
        Links to the host
      </button>
      <button
        type="button"
        className="host-links"
        aria-pressed={view.services}
        title="What runs on the host beside the containers: services, and other engines' containers. Key s"
        onClick={() => onView({ services: !view.services })}
      >
        Services
      </button>
      <div className="marks">
        {slots.map(([text, marks]) => (
          <span key={text}>
            <MarksSvg width={22} height={24} marks={marks} />
            {text}
          </span>
        ))}
      </div>
    </fieldset>
  );
}
