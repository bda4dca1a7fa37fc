import { CONTAINER_NAME } from '#core/snapshot/id-schemas.ts';
import { t } from '#core/words/words.ts';

/** The scheme of links that lead into the app: `bulkhead://container/web1`. */
export const LINK_SCHEME = 'bulkhead';

const CONTAINER_LINK = /^bulkhead:\/\/container\/([^/]+)\/?$/;

/** The word of a command line that is a link: Windows and Linux hand one over so. Null without one. */
export const linkOf = (argv: readonly string[]): string | null =>
  argv.find((word) => word.toLowerCase().startsWith(`${LINK_SCHEME}:`)) ?? null;

/** The container that a link names, by name or id; null for a link that is none of ours. */
export function containerOfLink(link: string): string | null {
  const name = CONTAINER_LINK.exec(link)?.[1] ?? '';
  return CONTAINER_NAME.test(name) ? name : null;
}

/** What the user is asked before a link is followed: any web page can hold one, and any program can open one. */
export const linkQuestion = (container: string) => ({
  type: 'question' as const,
  message: t('A link asks Bulkhead to show the container {container}.', { container }),
  detail: t('It comes from another program or from a web page. Nothing is changed by showing it.'),
  buttons: [t('Show it'), t('Not now')],
  defaultId: 1,
  cancelId: 1,
});
