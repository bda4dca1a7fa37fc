import { expect, it } from 'vitest';
import { formatAddress, parseAddress, withoutPassword } from './address.ts';
import { discoverEndpoints } from './discover.ts';
import { realSystem } from './system.ts';

function normal(text: string, tls = false): string {
  const parsed = parseAddress(text, { tls });
  return parsed.ok ? formatAddress(parsed.address) : `refused: ${parsed.reason}`;
}

it.each([
  ['unix://', 'unix:///var/run/docker.sock'],
  ['unix:////run//docker.sock', 'unix:///run/docker.sock'],
  ['npipe://', 'npipe:////./pipe/docker_engine'],
  ['npipe://\\\\.\\pipe\\x', 'npipe:////./pipe/x'],
  ['box', 'tcp://box:2375'],
  ['tcp://BOX:1', 'tcp://box:1'],
  ['tcp://', 'tcp://localhost:2375'],
  ['tcp://[::1]:2376/', 'tcp://[::1]:2376'],
  ['fe80::1', 'tcp://[fe80::1]:2375'],
  ['ssh://me@box', 'ssh://me@box'],
  ['ssh://me@box:22/run/my%20docker.sock', 'ssh://me@box:22/run/my%20docker.sock'],
])('reads %s as %s, and its normal form as itself', (text, expected) => {
  expect(normal(text)).toBe(expected);
  expect(normal(expected)).toBe(expected);
});

it('takes the TLS port where TLS is on', () => {
  expect(normal('tcp://box', true)).toBe('tcp://box:2376');
});

it.each([
  ['', /empty/],
  ['unix://run/docker.sock', /not absolute/],
  ['http://box', /tcp:\/\/box/],
  ['gopher://box', /unknown scheme/],
  ['tcp://box:99999', /host:port/],
  ['tcp://box/path', /path/],
  ['tcp://me@box', /user name/],
  ['tcp://box|evil', /host:port/],
  ['tcp://-box', /host:port/],
  ["tcp://box'", /host:port/],
  ['unix:///run/\u0000x', /control characters/],
  ['ssh://box?x', /query/],
  ['ssh://box#x', /fragment/],
  ['ssh://-oProxyCommand=touch%20x', /valid ssh address/],
  ['ssh://me@-oProxyCommand=x', /valid ssh address/],
  ['ssh://-oProxyCommand=x@box', /cannot be given to ssh/],
  ['ssh://%2DoProxyCommand=x@box', /cannot be given to ssh/],
  ['ssh://$(id)@box', /cannot be given to ssh/],
  ['ssh://me%0aroot@box', /cannot be given to ssh/],
  ['ssh://me;id@box', /cannot be given to ssh/],
  ['ssh://bo$x', /valid ssh address/],
  ['ssh://box/run/%0Atouch', /control characters/],
])('refuses %j', (text, reason) => {
  const parsed = parseAddress(text, { tls: false });
  expect(parsed).toEqual({ ok: false, reason: expect.stringMatching(reason) as string });
});

it.each([
  'ssh://me:secret@box',
  'ssh://me:se/cret@box',
  'tcp://me:secret@box:2375',
  'http://me:secret@box',
  'ftp://me:secret@box',
  'me:secret@box',
  'ssh://me:secret@box#x',
])('does not repeat a password: %s', async (text) => {
  const parsed = parseAddress(text, { tls: false });
  expect(parsed.ok).toBe(false);
  expect(JSON.stringify(parsed)).not.toContain('cret');
  // Nor does the list of engines.
  const system = realSystem({ env: { DOCKER_HOST: text }, home: '/nonexistent', platform: 'win32' });
  expect(JSON.stringify(await discoverEndpoints({ system }))).not.toContain('cret');
});

it('shows an address without a password as it is', () => {
  for (const text of [
    'unix:///run/a@b:c',
    'ssh://me@box:22/run/x',
    'tcp://[::1]:2375',
    'box:2375',
    'npipe:////./pipe/x',
  ]) {
    expect(withoutPassword(text)).toBe(text);
  }
});
