import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { unescapeBytes } from './bytes.ts';
import { containerIdOf, innermostIdOf } from './cgroup.ts';
import { createFrameReader } from './frames.ts';

const END = '{"t":"end","batch":1,"durationUs":5,"cpuUs":4,"processes":0,"unreadable":0,"vanished":0,"problems":[]}';
const GONE = '{"t":"process-gone","pid":7,"startTime":12}';

test('frames are the same in any chunking', () => {
  const text = `${GONE}\n${END}\n`;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: text.length })), (cuts) => {
      const places = [0, ...cuts.sort((a, b) => a - b), text.length];
      const reader = createFrameReader();
      const frames = places.slice(1).flatMap((end, index) => reader.push(text.slice(places[index], end)));
      expect(frames.map(({ t }) => t)).toEqual(['process-gone', 'end']);
    }),
  );
});

test('a bad line is a problem and costs no other', () => {
  const reader = createFrameReader();
  const frames = reader.push(`not json\n{"t":"process","pid":-1}\n${GONE}\n`);
  expect(frames.map(({ t }) => t)).toEqual(['problem', 'problem', 'process-gone']);
});

test('a line that is too long is skipped, and the next is read', () => {
  const reader = createFrameReader();
  // It would be a record like any other.
  const frames = [...reader.push(`{"a":"${'x'.repeat(9 * 1024 * 1024)}`), ...reader.push(`"}\n${GONE}\n`)];
  expect(frames.map((frame) => (frame.t === 'problem' ? frame.problem.message : frame.t))).toEqual([
    'The probe wrote a line of more than 8 MiB; it was skipped.',
    'process-gone',
  ]);
});

test('escaped bytes come back', () => {
  expect([...unescapeBytes('a\\xff\\x5cx41\\n')]).toEqual([0x61, 0xff, 0x5c, 0x78, 0x34, 0x31, 0x5c, 0x6e]);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      fc.pre(!text.includes('\\x'));
      expect(Buffer.from(unescapeBytes(text)).toString('utf8')).toBe(text);
    }),
  );
});

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

test.each([
  [`/docker/${A}`, A],
  [`/system.slice/docker-${A}.scope/init.scope`, A],
  [`/../../docker/${A}`, A],
  [`/machine.slice/libpod-${A}.scope/container`, A],
  [`/kubepods/besteffort/pod1/cri-containerd-${A}.scope`, A],
  [`/machine.slice/libpod-conmon-${A}.scope`, null],
  ['/docker/short', null],
  [`/docker/${A}x`, null],
  ['/', null],
])('%s', (path, expected) => {
  expect(containerIdOf(path, new Set([A]))).toBe(expected);
});

test('in nested engines the outer id owns and the inner one is told', () => {
  const path = `/docker/${A}/docker/${B}`;
  expect(containerIdOf(path, new Set([A, B]))).toBe(A);
  expect(innermostIdOf(path)).toBe(B);
});
