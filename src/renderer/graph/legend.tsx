import { hubShapePath } from '#core/layout/marks.ts';
import { KIND_STYLES } from '#core/layout/palette.ts';
import type { ViewOptions } from '#core/layout/scene.ts';
import type { Sharing } from '#core/sharing/sharing.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';

/** The view with one kind switched, or alone. */
export function toggleKind(view: ViewOptions, kind: NamespaceKind, solo: boolean): Partial<ViewOptions> {
  if (solo) return { kinds: view.kinds.length === 1 && view.kinds[0] === kind ? [...NAMESPACE_KINDS] : [kind] };
  return { kinds: NAMESPACE_KINDS.filter((each) => view.kinds.includes(each) !== (each === kind)) };
}

interface Props {
  readonly view: ViewOptions;
  readonly sharing: Sharing;
  readonly onView: (view: Partial<ViewOptions>) => void;
}

/** The legend is the filter of kinds. */
export function Legend({ view, sharing, onView }: Props) {
  return (
    <fieldset className="legend">
      <legend>Namespaces</legend>
      {NAMESPACE_KINDS.map((kind, index) => {
        const count = [...sharing.byNamespace.values()].filter((shared) => shared.kind === kind).length;
        return (
          <button
            key={kind}
            type="button"
            className={`k-${kind}`}
            aria-pressed={view.kinds.includes(kind)}
            title={`${kind}: ${count} shared. Key ${index + 1}; with Shift it alone`}
            onClick={(event) => onView(toggleKind(view, kind, event.shiftKey))}
          >
            <svg width="48" height="14" aria-hidden="true">
              <line x1="1" y1="7" x2="28" y2="7" strokeWidth="2.5" strokeDasharray={KIND_STYLES[kind].dash || 'none'} />
              <path d={hubShapePath(kind, 40, 7, 5)} fill="none" strokeWidth="1.8" />
            </svg>
            <span>{kind}</span>
            <span className="count">{count}</span>
          </button>
        );
      })}
      <button type="button" aria-pressed={view.hostLinks} onClick={() => onView({ hostLinks: !view.hostLinks })}>
        Links to the host
      </button>
    </fieldset>
  );
}
