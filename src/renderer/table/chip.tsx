import type { StripSlot } from '#core/layout/scene.ts';
import { letterOf, type Numbers } from '#core/table/letters.ts';

/** What a cell says in words. */
function sentence({ kind, standing, partners, namespace }: StripSlot, letter: string): string {
  const id = namespace === null ? '' : `, ${namespace}`;
  if (standing === 'shared') return `${kind}: shared, ${letter}, with ${partners} more${id}`;
  if (standing === 'host') return `${kind}: the host's${id}`;
  return standing === 'private' ? `${kind}: private${id}` : `${kind}: unknown`;
}

/** A namespace in a cell: a letter for what several share, in the outline of its kind. */
export function Chip({ slot, numbers }: { readonly slot: StripSlot; readonly numbers: Numbers }) {
  const letter = letterOf(numbers.get(slot.namespace ?? '') ?? 0);
  const text = sentence(slot, letter);
  if (slot.standing === 'shared') {
    return (
      <span className={`chip shared k-${slot.kind}`} title={text}>
        <b>{letter}</b> {slot.partners + 1}
        <span className="hidden">{text}</span>
      </span>
    );
  }
  const sign = slot.standing === 'host' ? 'host' : slot.standing === 'private' ? '–' : '?';
  return (
    <span className={`chip ${slot.standing}`} title={text}>
      <span aria-hidden="true">{sign}</span>
      <span className="hidden">{text}</span>
    </span>
  );
}
