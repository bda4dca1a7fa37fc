import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { sshArguments } from './connect.ts';

function remoteCommand(path: string | null): string {
  return sshArguments({ kind: 'ssh', user: 'me', host: 'box', port: 2222, path }).at(-1) ?? '';
}

it('asks ssh as the docker command line does, and never for a password', () => {
  expect(sshArguments({ kind: 'ssh', user: 'me', host: 'box', port: 2222, path: null })).toEqual(
    '-l me -p 2222 -o BatchMode=yes -o ConnectTimeout=30 -T -- box'.split(' ').concat('docker system dial-stdio'),
  );
  expect(remoteCommand('/run/docker.sock')).toBe('docker --host=unix:///run/docker.sock system dial-stdio');
});

it
  .skipIf(process.platform === 'win32')
  .each(['/run/x; touch /tmp/evil', '/run/$(id)/`id`/s', '/run/it\'s/a\\b"c', '/run/a b|c&d>e'])(
  'gives %s to the far side’s shell as one word',
  (path) => {
    // A real shell reads the command; printf stands where docker would.
    const command = remoteCommand(path).replace(/^docker/, "printf '%s\\n'");
    expect(execFileSync('/bin/sh', ['-c', command], { encoding: 'utf8' }).split('\n')).toEqual([
      `--host=unix://${path}`,
      'system',
      'dial-stdio',
      '',
    ]);
  },
);
