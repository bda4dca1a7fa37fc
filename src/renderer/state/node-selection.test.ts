import { describe, expect, it } from 'vitest';
import type { GraphNode } from '#core/layout/scene.ts';
import { HOST } from '#core/sharing/sharing.ts';
import { idOf, snapshotOf } from '#core/snapshot/build.testing.ts';
import { selectedContainers } from '../commands/export-file.ts';
import { reachDraft } from '../commands/reach-draft.ts';
import { selectionWith } from './node-selection.ts';
import { INITIAL, type Selection } from './state.ts';

describe('two containers at once', () => {
  const node = (name: string) => ({ key: idOf(name), type: 'container' }) as GraphNode;
  const one: Selection = { type: 'container', id: idOf('one') };
  const pair = (first: string, second: string): Selection => ({
    type: 'pair',
    first: idOf(first),
    second: idOf(second),
  });

  it('are the one that was selected and the one that is pointed at, a third in the place of the second', () => {
    expect(selectionWith(null, node('one'))).toEqual(one);
    expect(selectionWith(one, node('one'))).toEqual(one);
    expect(selectionWith(one, node('two'))).toEqual(pair('one', 'two'));
    expect(selectionWith(pair('one', 'two'), node('three'))).toEqual(pair('one', 'three'));
    expect(selectionWith(pair('one', 'two'), node('two'))).toEqual(one);
    expect(selectionWith(one, { key: HOST, type: 'host' } as GraphNode)).toEqual({ type: 'host' });
  });

  it('are asked about from the first to the second, and go into a file together', () => {
    const live = snapshotOf({ containers: [{ name: 'one' }, { name: 'two' }] });
    expect(reachDraft({ ...INITIAL, live, selection: pair('two', 'one') })).toEqual({ from: 'two', to: 'one:' });
    expect([...selectedContainers(pair('one', 'two'), live)]).toEqual([idOf('one'), idOf('two')]);
  });
});
