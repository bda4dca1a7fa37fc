import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { madeUsage } from '../../../test/support/usage.ts';
import { drawnParts, memoryBar, sumsOf } from '../answer/usage-parts.ts';
import { DEFAULT_VIEW } from '../layout/graph.ts';
import { snapshotOf } from '../snapshot/build.testing.ts';
import { exportFormat } from './formats.ts';
import { maskUsage } from './mask.ts';

const snapshot = snapshotOf({ containers: [{ name: 'small' }, { name: 'big' }] });
const usage = madeUsage(snapshot);

function render(format: 'svg' | 'csv' | 'pdf') {
  return exportFormat(format).render({
    ...{ snapshot, usage, view: 'resources', options: DEFAULT_VIEW, theme: 'light', scene: null, nets: [] },
  });
}

describe('the resources in a file', () => {
  it('are a row for each that uses the machine, who has most memory first', () => {
    const content = render('csv');
    const rows: Record<string, string>[] = parse(content.type === 'text' ? content.text : '', { columns: true });
    expect(rows.map(({ Name, Kind, Memory, Limit }) => [Name, Kind, Memory, Limit])).toEqual([
      ['sleep', 'service', '40.0 MiB', '512 MiB'],
      ['small', 'container', '30.0 MiB', '512 MiB'],
      ['big', 'container', '20.0 MiB', '512 MiB'],
    ]);
    expect(rows.map((row) => row['CPU %'])).toEqual(['30', '20', '10']);
  });

  it('are bars that fill the width of the picture and no more, with the parts of the machine', () => {
    const content = render('pdf');
    const [page] = content.type === 'pdf' ? content.pages : [];
    const parts = page?.layers[0]?.parts.filter(({ className }) => className === 'use') ?? [];
    for (const which of ['memory', 'processors']) {
      const rects = parts.filter(({ key }) => key.startsWith(which)).map(({ marks }) => marks[0]?.attrs);
      const last = rects.at(-1);
      const end = Number(last?.x) + Number(last?.width);
      expect(end).toBeGreaterThan((page?.width ?? 0) - 60);
      expect(end).toBeLessThan((page?.width ?? 0) - 40);
    }
    const svg = render('svg');
    expect(svg.type === 'text' && svg.text).toMatch(/Memory: 4\.0 GiB.*Containers 30\.0 MiB \(0\.7 %\)/s);
  });

  it('are the whole machine: every part is in one sum', () => {
    const bar = memoryBar(usage);
    const all = sumsOf(bar).reduce((sum, [, amount]) => sum + amount, 0);
    expect(all).toBe(bar.total);
    expect(drawnParts(bar).reduce((sum, { amount }) => sum + amount, 0)).toBe(bar.total);
  });

  it('masked, are called as the masked snapshot calls them', () => {
    const masked = {
      ...snapshot,
      containers: snapshot.containers.map((each) => ({ ...each, name: `x-${each.name}` })),
    };
    expect(maskUsage(usage, masked).groups.map(({ group }) => group.name)).toEqual(['x-big', 'x-small', 'service-1']);
  });
});
