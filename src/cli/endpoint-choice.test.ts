import { expect, it } from 'vitest';
import type { EndpointReport } from '#api/contract.ts';
import { chooseEndpoint } from './endpoint-choice.ts';
import { CliError } from './exit-codes.ts';

function report(name: string, fields: Partial<EndpointReport> = {}): EndpointReport {
  return {
    id: `unix:///${name}.sock`,
    name,
    type: 'engine',
    address: `unix:///${name}.sock`,
    sources: [`context ${name}`],
    current: false,
    usable: true,
    reason: null,
    engine: null,
    ...fields,
  };
}

const down = report('down', { current: true, usable: false, reason: 'connection refused\u001b[2J' });
const local = report('This machine', { id: 'local', type: 'local', address: null, sources: [] });
const demo = report('Recording', { id: 'demo', type: 'demo', address: null, sources: [] });

it('takes what the docker command line would use', () => {
  expect(chooseEndpoint([report('a'), report('b', { current: true })], undefined)).toEqual({
    id: 'unix:///b.sock',
    notice: null,
  });
});

it('says why it took another one', () => {
  expect(chooseEndpoint([down, local, report('a')], undefined)).toEqual({
    id: 'unix:///a.sock',
    notice: 'Showing a, because down cannot be used.',
  });
  expect(chooseEndpoint([down, local], undefined).notice).toBe(
    "Showing this machine's own processes, because down cannot be used.",
  );
});

it('never takes the recording unasked, and lists the reasons without control characters', () => {
  expect(() => chooseEndpoint([down, demo], undefined)).toThrow(/down: connection refused\\x1b\[2J/);
  expect(chooseEndpoint([down, demo], 'demo').id).toBe('demo');
});

it.each(['a', 'unix:///a.sock'])('finds an endpoint by %s', (wish) => {
  expect(chooseEndpoint([report('b', { current: true }), report('a')], wish).id).toBe('unix:///a.sock');
});

it('passes an address on that nobody listed', () => {
  expect(chooseEndpoint([], 'ssh://me@box').id).toBe('ssh://me@box');
});

it.each([['nothing'], ['down']])('refuses %s with exit code 3', (wish) => {
  let thrown: unknown;
  try {
    chooseEndpoint([down, report('a')], wish);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(CliError);
  expect((thrown as CliError).exitCode).toBe(3);
});
