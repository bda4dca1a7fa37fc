import { compareText } from '../snapshot/order.ts';

/** Runs of digits with the text before each. */
const PIECES = /(\D*)(\d*)/g;

/** Orders names as people do: `web-2` before `web-10`. Otherwise by code units, so that it is the same everywhere. */
export function compareNames(a: string, b: string): number {
  const left = a.matchAll(PIECES);
  const right = b.matchAll(PIECES);
  for (;;) {
    const [x, y] = [left.next().value, right.next().value];
    if (x === undefined || y === undefined) break;
    const byText = compareText(x[1] ?? '', y[1] ?? '');
    if (byText !== 0) return byText;
    const [m, n] = [(x[2] ?? '').replace(/^0+/, ''), (y[2] ?? '').replace(/^0+/, '')];
    const byNumber = m.length - n.length || compareText(m, n);
    if (byNumber !== 0) return byNumber;
  }
  return compareText(a, b);
}
