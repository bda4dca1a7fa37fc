import { expect, it, vi } from 'vitest';
import { createService, type OpenLine } from './service.ts';

/** A line whose other side is the test's. */
function scripted() {
  const line = { asked: [] as string[], stopped: 0, say: (_text: string) => {}, end: (_reason: () => string) => {} };
  const open: OpenLine = async (onOutput, onEnd) => {
    line.say = (text) => onOutput(Buffer.from(text));
    line.end = onEnd;
    return {
      write: (text) => void line.asked.push(text),
      stop: async () => {
        line.stopped += 1;
      },
    };
  };
  return { line, open };
}

it('ends a helper that does not answer, and fails all that was asked', async () => {
  const { line, open } = scripted();
  const onEnd = vi.fn();
  const service = await createService(open, onEnd, 30);
  const answers = await Promise.allSettled([service.ask(['files', 1]), service.ask(['threads', 1])]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(line.stopped).toBe(1);
  expect(onEnd).toHaveBeenCalledTimes(1);
  await expect(service.ask(['files', 2])).rejects.toThrow('was ended');
});

it('keeps one that is slow and says something', async () => {
  const { line, open } = scripted();
  const service = await createService(open, () => {}, 60);
  const parts: (string | undefined)[] = [];
  const answer = service.ask(['wiring', 1], (part) => parts.push(part.of));
  for (let round = 0; round < 5; round++) {
    await new Promise((done) => setTimeout(done, 30));
    line.say(`{"t":"reply","id":"1","of":"net:[${round}]"}\n`);
  }
  line.say('{"t":"reply",');
  line.say('"id":"1"}\n');
  await expect(answer).resolves.toMatchObject({ id: '1' });
  expect(parts).toHaveLength(5);
  // Nobody waits any more: silence is no fault.
  await new Promise((done) => setTimeout(done, 100));
  expect(line.stopped).toBe(0);
});

it('fails the question whose answer does not fit, and no other', async () => {
  const { line, open } = scripted();
  const service = await createService(open, () => {}, 1_000);
  const [bad, refused, good] = [service.ask(['a']), service.ask(['b']), service.ask(['c'])];
  line.say(
    'no json\n{"t":"reply","id":"1","texts":7}\n{"t":"reply","id":"2","error":"gone","message":"It has ended."}\n',
  );
  line.say('{"t":"reply","id":"3"}\n');
  await expect(bad).rejects.toThrow('does not fit');
  await expect(refused).rejects.toThrow('It has ended.');
  await expect(good).resolves.toMatchObject({ id: '3' });
});

it('fails what is open when the helper ends', async () => {
  const { line, open } = scripted();
  const onEnd = vi.fn();
  const service = await createService(open, onEnd);
  const answer = service.ask(['a']);
  line.end(() => 'its helper container ended');
  await expect(answer).rejects.toThrow('its helper container ended');
  await service.close();
  expect(onEnd).toHaveBeenCalledTimes(1);
});

it('ends a helper that writes an answer without end, before it fills the memory', async () => {
  const { line, open } = scripted();
  const onEnd = vi.fn();
  const service = await createService(open, onEnd, 60_000);
  const answer = service.ask(['network', 1]);
  const piece = 'x'.repeat(8 * 1024 * 1024);
  for (let written = 0; written <= 8; written++) line.say(piece);
  await expect(answer).rejects.toThrow('longer than 64 MiB');
  expect(line.stopped).toBe(1);
  expect(onEnd).toHaveBeenCalledTimes(1);
});
