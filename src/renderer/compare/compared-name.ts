import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import type { Compared } from '../state/compare.ts';

/** What the earlier one of a comparison is called. */
export const comparedName = ({ name }: Compared): string => (name === null ? t('what was kept') : visibleText(name));
