import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { kindColour, THEMES } from '#core/layout/palette.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

test.each(['light', 'dark'] as const)("the page's %s colours are the picture's", (name) => {
  const theme = THEMES[name];
  const value = (token: string) =>
    new RegExp(`--${token}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`)
      .exec(css)
      ?.[name === 'light' ? 1 : 2]?.toUpperCase();
  const same = { page: theme.page, panel: theme.panel, raised: theme.node, line: theme.groupBorder };
  const words = { text: theme.text, muted: theme.muted, danger: theme.danger };
  for (const [token, colour] of Object.entries({ ...same, ...words }))
    expect([token, value(token)]).toEqual([token, colour]);
  for (const kind of NAMESPACE_KINDS) expect([kind, value(`k-${kind}`)]).toEqual([kind, kindColour(kind, name)]);
});
