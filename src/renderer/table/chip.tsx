import type { StripSlot } from '#core/layout/scene.ts';
import { letterOf, type Numbers } from '#core/table/letters.ts';
import { counted, t } from '#core/words/words.ts';

/** What a cell says in words. */
function sentence({ kind, standing, partners, namespace }: StripSlot, letter: string): string {
  if (standing === 'unknown') return t('{kind}: unknown', { kind });
  const said =
    standing === 'shared'
      ? letter === ''
        ? t('{kind}: shared with {n, number} more', { kind, n: partners })
        : t('{kind}: shared, {letter}, with {n, number} more', { kind, letter, n: partners })
      : standing === 'host'
        ? t("{kind}: the host's", { kind })
        : t('{kind}: private', { kind });
  return namespace === null ? said : t('{said}, {namespace}', { said, namespace });
}

/** A namespace in a cell: a letter for what several share, in the outline of its kind. */
export function Chip({ slot, numbers }: { readonly slot: StripSlot; readonly numbers: Numbers }) {
  const number = numbers.get(slot.namespace ?? '');
  // One of an earlier boot has none: its id is another namespace now.
  const letter = number === undefined ? '' : letterOf(number);
  const text = sentence(slot, letter);
  if (slot.standing === 'shared') {
    return (
      <span className={`chip shared k-${slot.kind}`} title={text}>
        <b>{letter}</b> {counted(slot.partners + 1)}
        <span className="hidden">{text}</span>
      </span>
    );
  }
  const sign = slot.standing === 'host' ? t('host') : slot.standing === 'private' ? '–' : '?';
  return (
    <span className={`chip ${slot.standing}`} title={text}>
      <span aria-hidden="true">{sign}</span>
      <span className="hidden">{text}</span>
    </span>
  );
}
