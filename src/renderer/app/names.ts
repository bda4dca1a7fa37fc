import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { comparedName } from '../compare/compared-name.ts';
import type { State } from '../state/state.ts';
import { clock } from '../ui/words.ts';

/** The name of what is watched, for the endpoint's button. */
export function endpointName(state: State): string {
  if (state.endpoint === null) return t('Choose an engine');
  const known = state.endpoints?.find(({ id }) => id === state.endpoint);
  return visibleText(known?.name ?? state.endpoint);
}

/** What the page shows, for the window's title. */
export function titleOf(state: State): string {
  if (state.comparison !== null) {
    const now = state.file === null ? endpointName(state) : visibleText(state.file.name);
    return `${comparedName(state.comparison)} → ${now}`;
  }
  const name = state.file === null ? endpointName(state) : visibleText(state.file.name);
  return state.moment === null ? name : t('{time}, past: {name}', { time: clock(state.moment.at), name });
}
