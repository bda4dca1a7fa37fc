import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What `startSshServer` needs of the machine: for `describeWith`. */
export const SSH_NEEDS = { linux: true, root: true, programs: ['sshd', 'ssh', 'ssh-keygen'] } as const;

/** The system's sshd on a loopback port, with keys and configuration of the test's own. */
export interface TestSsh {
  readonly port: number;
  /**
   * A folder whose `ssh` is the system's, reading a configuration that knows our key and host: to be the first of PATH.
   * With `unknown-host` it does not know the host's key; with `no-key` it offers no key.
   */
  path(variant: 'good' | 'unknown-host' | 'no-key'): string;
  stop(): Promise<void>;
}

/** A port of 127.0.0.1 that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('data', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('close', () => resolve(false));
    setTimeout(() => socket.destroy(), 1_000).unref();
  });
}

export async function startSshServer(): Promise<TestSsh> {
  const folder = await mkdtemp(join(tmpdir(), 'bulkhead-ssh-'));
  const file = (name: string) => join(folder, name);
  const port = await freePort();
  for (const name of ['host', 'client']) {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
  }
  await copyFile(file('client.pub'), file('authorized'));
  const hostKey = (await readFile(file('host.pub'), 'utf8')).split(' ').slice(0, 2).join(' ');
  await writeFile(file('known'), `[127.0.0.1]:${port} ${hostKey}\n`);
  await writeFile(file('empty'), '');
  await writeFile(
    file('sshd_config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${file('host')}`,
      `AuthorizedKeysFile ${file('authorized')}`,
      `AllowUsers ${userInfo().username}`,
      'PermitRootLogin prohibit-password',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      // The temporary folder is everybody's to write.
      'StrictModes no',
      // Without PAM an account without a password counts as locked.
      'UsePAM yes',
      'PidFile none',
      '',
    ].join('\n'),
  );
  const variants = {
    good: { known: 'known', key: file('client') },
    'unknown-host': { known: 'empty', key: file('client') },
    'no-key': { known: 'known', key: 'none' },
  };
  const { stdout } = await run('sh', ['-c', 'command -v ssh']);
  for (const [name, { known, key }] of Object.entries(variants)) {
    const config = file(`${name}.config`);
    await writeFile(
      config,
      [
        'IdentityAgent none',
        'IdentitiesOnly yes',
        `IdentityFile ${key}`,
        `UserKnownHostsFile ${file(known)}`,
        'GlobalKnownHostsFile /dev/null',
        'StrictHostKeyChecking yes',
        '',
      ].join('\n'),
    );
    await mkdir(file(name));
    await writeFile(file(`${name}/ssh`), `#!/bin/sh\nexec ${stdout.trim()} -F ${config} "$@"\n`);
    await chmod(file(`${name}/ssh`), 0o755);
  }
  // Where sshd gives up its rights; a machine whose sshd never ran has none.
  await mkdir('/run/sshd', { recursive: true });
  const output = openSync(file('log'), 'a');
  // sshd wants its own absolute path.
  const server = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', file('sshd_config')], {
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const stop = async (): Promise<void> => {
    server.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  for (let attempt = 0; !(await answers(port)); attempt++) {
    if (attempt >= 50 || server.exitCode !== null) {
      const log = await readFile(file('log'), 'utf8');
      await stop();
      throw new Error(`sshd did not start:\n${log.slice(-2_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { port, path: (variant) => file(variant), stop };
}
