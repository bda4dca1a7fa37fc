import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import type { Found } from '../state/search.ts';
import type { Selection } from '../state/state.ts';
import { Icon } from '../ui/icon.tsx';

interface Props {
  readonly search: string;
  readonly found: Found | null;
  readonly onSearch: (search: string) => void;
  readonly onSelect: (selection: Selection) => void;
}

/** The field's id: a command puts the focus into it. */
export const SEARCH_ID = 'search';

/** Finds and marks; Enter goes from hit to hit, Shift+Enter back, Escape ends it. */
export function SearchBox({ search, found, onSearch, onSelect }: Props) {
  const [at, setAt] = useState(-1);
  const message = useId();
  const hits = found?.ok === true ? found.hits : [];

  // biome-ignore lint/correctness/useExhaustiveDependencies: another search starts before its first hit
  useEffect(() => setAt(-1), [search]);

  function key(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.key === 'Escape') {
      event.stopPropagation();
      onSearch('');
      event.currentTarget.blur();
    } else if (event.key === 'Enter' && hits.length > 0) {
      const next = (Math.min(at, hits.length - 1) + (event.shiftKey ? -1 : 1) + hits.length) % hits.length;
      const hit = hits[next];
      setAt(next);
      if (hit !== undefined) onSelect(hit);
    }
  }

  const said =
    found === null
      ? ''
      : !found.ok
        ? found.message
        : hits.length === 0
          ? 'Nothing found'
          : at < 0
            ? `${hits.length} found`
            : `${Math.min(at, hits.length - 1) + 1} of ${hits.length}`;
  const wrong = found !== null && (!found.ok || hits.length === 0);
  return (
    <div className={wrong ? 'search wrong' : 'search'}>
      <Icon name="search" />
      <input
        id={SEARCH_ID}
        type="search"
        placeholder="Search name, image, pid, namespace"
        aria-label="Search"
        aria-describedby={message}
        aria-invalid={found !== null && !found.ok}
        autoComplete="off"
        spellCheck={false}
        value={search}
        onChange={(event) => onSearch(event.target.value)}
        onKeyDown={key}
      />
      <span id={message} className="search-count" role="status" title={said}>
        {said}
      </span>
    </div>
  );
}
