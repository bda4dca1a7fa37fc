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
  expect(chooseEndpoint([report('a'), report('b', { current: true })], {})).toEqual({
    id: 'unix:///b.sock',
    notice: null,
  });
});

it('says why it took another one', () => {
  expect(chooseEndpoint([down, local, report('a')], {})).toEqual({
    id: 'unix:///a.sock',
    notice: 'Showing a, because down cannot be used.',
  });
  expect(chooseEndpoint([down, local], {}).notice).toBe(
    "Showing this machine's own processes, because down cannot be used.",
  );
});

it('never takes the recording unasked, and lists the reasons without control characters', () => {
  expect(() => chooseEndpoint([down, demo], {})).toThrow(/down: connection refused\\u\{1b\}\[2J/);
  expect(chooseEndpoint([down, demo], { endpoint: 'demo' }).id).toBe('demo');
});

it.each(['a', 'unix:///a.sock'])('finds an endpoint by %s', (wanted) => {
  expect(chooseEndpoint([report('b', { current: true }), report('a')], { endpoint: wanted }).id).toBe('unix:///a.sock');
});

it('passes an address on that nobody listed', () => {
  expect(chooseEndpoint([], { endpoint: 'ssh://me@box' }).id).toBe('ssh://me@box');
});

it.each([['nothing'], ['down']])('refuses %s with exit code 3', (wanted) => {
  let thrown: unknown;
  try {
    chooseEndpoint([down, report('a')], { endpoint: wanted });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(CliError);
  expect((thrown as CliError).exitCode).toBe(3);
});

it('takes --context as docker does: by the context, whatever the report is called', () => {
  const merged = report('Docker Desktop', { sources: ['well-known socket', 'context desktop-linux'] });
  expect(chooseEndpoint([report('a', { current: true }), merged], { context: 'desktop-linux' }).id).toBe(merged.id);
  const host = report('default', { sources: ['DOCKER_HOST'] });
  expect(chooseEndpoint([report('a', { current: true }), host], { context: 'default' }).id).toBe(host.id);
  // A product's name or an address is no context.
  expect(() => chooseEndpoint([merged], { context: 'Docker Desktop' })).toThrow(/context not found/);
  expect(() => chooseEndpoint([merged], { context: merged.id })).toThrow(/context not found/);
  expect(() => chooseEndpoint([down], { context: 'down' })).toThrow(/down cannot be used/);
});
