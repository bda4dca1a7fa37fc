import { expect, test } from 'vitest';
import { legendSigns, signSample } from './legend-marks.ts';
import { THEMES } from './palette.ts';

test('every sign of a legend looks different from the others', () => {
  const along = [
    { x: 0, y: 8 },
    { x: 26, y: 8 },
  ] as const;
  const samples = legendSigns({ machine: true, broken: true }).map((sign) =>
    JSON.stringify(signSample(sign, along, { theme: THEMES.light, unit: 1 })),
  );
  expect(samples).toHaveLength(3);
  expect(new Set(samples).size).toBe(3);
});
