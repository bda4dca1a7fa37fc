import { describe, expect, it, vi } from 'vitest';
import { textRank } from '#core/answer/find-index.ts';
import { idOf, snapshotOf } from '#core/snapshot/build.testing.ts';
import { setLanguage } from '#core/words/language.ts';
import { INITIAL, type State } from '../state/state.ts';
import { besideNamespace } from './namespaces.ts';
import { paletteItems } from './palette-items.ts';

// The theme is read when its module is loaded, which is before anything else here.
vi.hoisted(() =>
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} })),
);

const snapshot = snapshotOf({
  containers: [{ name: 'web1' }, { name: 'my-web' }, { name: 'table', container: { image: 'web:1' } }],
});
const state: State = { ...INITIAL, live: snapshot };
const found = (typed: string) => paletteItems(typed, state, snapshot).map(({ kind, label }) => `${kind} ${label}`);

describe('the palette', () => {
  it('offers the commands that apply, and no others', () => {
    const ids = paletteItems('', state, snapshot).map(({ key }) => key);
    expect(ids).toContain('choose-endpoint');
    // There is no picture that could be exported, nothing to go back to, and no cursor to move.
    for (const id of ['export-svg', 'back', 'picture-step', 'palette']) expect(ids).not.toContain(id);
  });

  it('finds the best first: at the start, at the start of a word, anywhere, beside the name', () => {
    expect(found('web').filter((each) => /^(container|image)/.test(each))).toEqual([
      'container web1',
      'container my-web',
      'image web:1',
    ]);
    expect(textRank('my-web', ['web'])).toBe(2);
    expect(textRank('cobweb', ['web'])).toBe(3);
    expect(textRank('my-web', ['web', 'x'])).toBeNull();
  });

  it('finds a command in Chinese by its words, and still by the English ones', () => {
    setLanguage('zh-CN');
    try {
      const labels = (typed: string) => paletteItems(typed, state, snapshot).map(({ label }) => label);
      expect(labels('引擎')[0]).toBe('选择引擎');
      expect(labels('choose engine')[0]).toBe('选择引擎');
    } finally {
      setLanguage('en');
    }
  });

  it('finds namespaces and processes, each with what it stands for', () => {
    const [process] = paletteItems('1001 sleep', state, snapshot);
    expect(process?.does).toEqual({ selection: { type: 'container', id: idOf('my-web'), pid: 1001 } });
    expect(found('uts:[4026531838]')).toEqual(['namespace uts:[4026531838]']);
    // A number inside is offered with the one outside.
    const [inside] = paletteItems('1', state, snapshot).filter(
      ({ kind, label }) => kind === 'process' && label !== '1 init',
    );
    expect(inside?.detail).toMatch(/^web1: pid 1 is its number inside web1 .* outside it is 1000$/);
  });
});

describe("a container's namespaces", () => {
  const at = (change: Partial<State>, step: 1 | -1) => besideNamespace({ ...state, ...change }, step);
  const container = { type: 'container', id: idOf('web1') } as const;
  it('are gone through in the order of the kinds, round and round', () => {
    const first = at({ selection: container }, 1);
    expect(first).toMatchObject({ type: 'namespace' });
    const second = at({ selection: first, back: [container] }, 1);
    expect(at({ selection: second, back: [container] }, -1)).toEqual(first);
    expect(at({ selection: container }, -1)).toEqual(at({ selection: first, back: [container] }, -1));
  });
  it('are nothing where no container is looked at', () => {
    expect(at({ selection: null }, 1)).toBeNull();
    expect(at({ selection: { type: 'host' } }, 1)).toBeNull();
  });
});
