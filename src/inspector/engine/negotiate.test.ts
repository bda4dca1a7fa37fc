import { expect, it } from 'vitest';
import { negotiate, type PingAnswer } from './negotiate.ts';

const ping = (headers: PingAnswer['headers'], status = 200, body = 'OK'): PingAnswer => ({ status, headers, body });
const docker = (version: string, more = {}) =>
  ping({ server: 'Docker/20', 'api-version': version, ostype: 'linux', ...more });

it.each([
  ['1.41', '1.41'],
  ['1.55', '1.55'],
  ['1.60', '1.55'],
  ['1.25', '1.25'],
  // Numbers, not text: 1.100 is newer than 1.55.
  ['1.100', '1.55'],
])('with an engine of API %s speaks %s', (theirs, spoken) => {
  expect(negotiate(docker(theirs), null)).toEqual({ ok: true, version: spoken });
});

it('uses DOCKER_API_VERSION as it is, and refuses what is no version', () => {
  expect(negotiate(docker('1.41'), '1.30')).toEqual({ ok: true, version: '1.30' });
  expect(negotiate(docker('1.41'), 'x/../y')).toMatchObject({ ok: false });
});

it('speaks Podman’s Docker version', () => {
  const podman = ping({ server: 'Libpod/4.3.1 (linux)', 'libpod-api-version': '4.3.1', 'api-version': '1.41' });
  expect(negotiate(podman, null)).toEqual({ ok: true, version: '1.41' });
});

it.each([
  ['an old engine', docker('1.24'), /too old: it speaks API 1\.24, and Bulkhead needs 1\.25\. Update the engine/],
  ['Windows containers', docker('1.41', { ostype: 'windows' }), /Switch to Linux containers/],
  ['a web server', ping({ server: 'nginx' }, 200, '<html>'), /^Something answers there, but it is not a Docker engine/],
  ['a web server without the page', ping({ server: 'nginx' }, 404, '<html>'), /not a Docker engine/],
  [
    'a closed proxy',
    ping({}, 403, '<html>'),
    /refuses GET \/_ping \(HTTP 403\)\. A filtering proxy needs PING=1 and VERSION=1/,
  ],
  ['TLS without TLS', ping({}, 400, 'Client sent an HTTP request to an HTTPS server.\n'), /wants TLS/],
  ['an engine that starts', { ...docker('1.41'), status: 503, body: 'starting\n' }, /HTTP 503\): starting\. Wait/],
  [
    'Docker Desktop while it is paused',
    ping({}, 503, '{"message":"Docker Desktop is manually paused. Unpause it through the Whale menu or Dashboard."}'),
    /^Docker Desktop is paused\. Resume it/,
  ],
  ['rubbish', docker('\u001b[2J'), /names .* as its API version/],
])('refuses %s', (_name, answer, reason) => {
  const result = negotiate(answer, null);
  expect(result.ok ? '' : result.reason()).toMatch(reason);
  expect(JSON.stringify(result)).not.toContain('<html>');
});
