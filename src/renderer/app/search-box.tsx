import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { t } from '#core/words/words.ts';
import { SEARCH_ID } from '../commands/run.ts';
import { selectFound } from '../page/derived.ts';
import { usePage, usePageState } from '../page/page.ts';
import { Icon } from '../ui/icon.tsx';

/** Finds and marks; Enter goes from hit to hit, Shift+Enter back, Escape ends it. */
export function SearchBox() {
  const page = usePage();
  const search = usePageState((state) => state.search);
  const found = usePageState(selectFound);
  const onSearch = (text: string): void => page.store.dispatch({ type: 'search', search: text });
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
      if (hit !== undefined) page.show(hit);
    }
  }

  const said =
    found === null
      ? ''
      : !found.ok
        ? found.message
        : hits.length === 0
          ? t('Nothing found')
          : at < 0
            ? t('{n, number} found', { n: hits.length })
            : t('{at} of {n, number}', { at: Math.min(at, hits.length - 1) + 1, n: hits.length });
  const wrong = found !== null && (!found.ok || hits.length === 0);
  return (
    <div className={wrong ? 'search wrong' : 'search'}>
      <Icon name="search" />
      <input
        id={SEARCH_ID}
        type="search"
        placeholder={t('Search')}
        title={t('Search name, image, pid, namespace')}
        aria-label={t('Search')}
        aria-describedby={message}
        aria-invalid={found !== null && !found.ok}
        autoComplete="off"
        spellCheck={false}
        value={search}
        // The width that the count beside it leaves.
        style={said === '' || found?.ok === false ? undefined : { paddingRight: Math.min(104, said.length * 7 + 18) }}
        onChange={(event) => onSearch(event.target.value)}
        onKeyDown={key}
      />
      {/* A count has room in the field, a sentence has it below. */}
      <span id={message} className={found?.ok === false ? 'search-fault' : 'search-count'} role="status">
        {said}
      </span>
    </div>
  );
}
