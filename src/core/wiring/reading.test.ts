import { expect, it } from 'vitest';
import { beginReading, NOTHING_READ, progressOf, readOn } from './reading.ts';

const part = (total: number, ...ids: string[]) => ({
  type: 'part' as const,
  total,
  nets: ids.map((id) => ({ id, links: id.endsWith('?') ? null : [] })),
});

it('tells how far it is, and keeps what it has when it ends half way', () => {
  let reading = readOn(beginReading(NOTHING_READ), part(3, 'a', 'b'));
  expect(progressOf(reading)).toEqual({ known: 2, total: 3 });
  reading = readOn(reading, { type: 'end', problem: 'The probe ended.' });
  expect([reading.nets.size, reading.running, reading.problem]).toEqual([2, false, 'The probe ended.']);
  expect(progressOf(reading)).toEqual({ known: 2, total: 3 });
  reading = readOn(readOn(beginReading(reading), part(3, 'a', 'b', 'c')), { type: 'end', problem: null });
  expect(progressOf(reading)).toBeNull();
  expect(reading.problem).toBeNull();
});

it('forgets what a whole look does not tell any more, and counts what could not be looked into', () => {
  let reading = readOn(readOn(beginReading(NOTHING_READ), part(2, 'a', 'b')), { type: 'end', problem: null });
  reading = readOn(beginReading(reading), part(2, 'a', 'c?'));
  expect([...reading.nets.keys()]).toEqual(['a', 'b', 'c?']);
  reading = readOn(reading, { type: 'end', problem: null });
  expect([...reading.nets.keys()]).toEqual(['a', 'c?']);
  expect(progressOf(reading)).toEqual({ known: 1, total: 2 });
});
