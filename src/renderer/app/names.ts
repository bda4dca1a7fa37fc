import { visibleText } from '#core/text/visible.ts';
import type { State } from '../state/state.ts';
import { clock } from '../ui/words.ts';

/** The name of what is watched, for the endpoint's button. */
export function endpointName(state: State): string {
  if (state.endpoint === null) return 'Choose an engine';
  const known = state.endpoints?.find(({ id }) => id === state.endpoint);
  return visibleText(known?.name ?? state.endpoint);
}

/** What the page shows, for the window's title. */
export function titleOf(state: State): string {
  if (state.comparison !== null) {
    const now = state.file === null ? endpointName(state) : visibleText(state.file.name);
    return `${visibleText(state.comparison.name)} → ${now}`;
  }
  const name = state.file === null ? endpointName(state) : visibleText(state.file.name);
  return state.moment === null ? name : `${clock(state.moment.at)}, past: ${name}`;
}
