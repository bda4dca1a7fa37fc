import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect as connectSocket, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { EndpointReport } from '../../src/api/contract.ts';
import { connect } from '../../src/inspector/endpoint/connect.ts';
import { discoverEndpoints, resolveEndpoint } from '../../src/inspector/endpoint/discover.ts';
import { realSystem, type System } from '../../src/inspector/endpoint/system.ts';
import { EngineClient } from '../../src/inspector/engine/engine.ts';
import { createInspector } from '../../src/inspector/inspector.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { look } from '../support/look.ts';
import { PODMAN_NEEDS, startPodman, type TestPodman } from '../support/podman.ts';
import { describeWith } from '../support/require.ts';
import { freePort, SSH_NEEDS, startSshServer, type TestSsh } from '../support/ssh.ts';
import { type Authority, createAuthority, type Pair, readPair } from '../support/tls.ts';

const PROBE = 'resources/probe/linux-amd64/bulkhead-probe';

const needs = {
  linux: true,
  root: true,
  programs: [...new Set([...ENGINE_NEEDS.programs, ...PODMAN_NEEDS.programs, ...SSH_NEEDS.programs, 'openssl', 'ps'])],
  files: [...ENGINE_NEEDS.files, PROBE],
};

/** A home with a context store as docker writes it. */
async function createHome() {
  const home = await mkdtemp(join(tmpdir(), 'bulkhead-home-'));
  const contexts = join(home, '.docker', 'contexts');
  const hash = (name: string) => createHash('sha256').update(name).digest('hex');
  return {
    home,
    async context(name: string, host: string, tls: { ca?: string; pair?: Pair; skip?: boolean } = {}): Promise<void> {
      const meta = join(contexts, 'meta', hash(name));
      await mkdir(meta, { recursive: true });
      const docker = { Host: host, SkipTLSVerify: tls.skip ?? false };
      await writeFile(join(meta, 'meta.json'), JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } }));
      const folder = join(contexts, 'tls', hash(name), 'docker');
      await mkdir(folder, { recursive: true });
      if (tls.ca !== undefined) await writeFile(join(folder, 'ca.pem'), await readFile(tls.ca));
      if (tls.pair !== undefined) {
        const { cert, key } = await readPair(tls.pair);
        await writeFile(join(folder, 'cert.pem'), cert);
        await writeFile(join(folder, 'key.pem'), key);
      }
    },
    remove: () => rm(home, { recursive: true, force: true }),
  };
}

describeWith('endpoints: every way to an engine, and every way to miss it', needs, () => {
  let folder: string;
  let home: Awaited<ReturnType<typeof createHome>>;
  let engine: TestEngine;
  let podman: TestPodman;
  let ssh: TestSsh;
  let good: Authority;
  let client: Pair;
  let tlsPort: number;
  let plainPort: number;
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  const path = process.env.PATH;

  async function listen(server: Server, where: string | null = null): Promise<number> {
    servers.push(server);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => {
      if (where === null) server.listen(0, '127.0.0.1', resolve);
      else server.listen(where, resolve);
    });
    return where === null ? (server.address() as AddressInfo).port : 0;
  }

  /** Bytes to and from the engine's own socket: an engine on TCP without TLS. */
  function forward(socket: Socket): void {
    const far = connectSocket(engine.socket);
    socket.on('error', () => far.destroy());
    far.on('error', () => socket.destroy());
    socket.pipe(far).pipe(socket);
  }

  function system(env: System['env'] = {}): System {
    return realSystem({ env, home: home.home, platform: 'linux' });
  }

  async function reports(env: System['env'] = {}): Promise<{ list: EndpointReport[]; ms: number }> {
    const start = performance.now();
    const list = await discoverEndpoints({ system: system(env) });
    return { list, ms: performance.now() - start };
  }

  function find(list: readonly EndpointReport[], context: string): EndpointReport {
    const found = list.find(({ sources }) => sources.includes(`context ${context}`));
    if (found === undefined) throw new Error(`no report of context ${context}`);
    return found;
  }

  const reasonOf = async (context: string) => {
    const { usable, reason } = find((await reports()).list, context);
    return usable ? 'usable' : reason;
  };

  const sshAddress = () => `ssh://root@127.0.0.1:${ssh.port}${engine.socket}`;

  const sshChildren = () =>
    execFileSync('ps', ['--ppid', String(process.pid), '-o', 'comm=,stat='], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => /^ssh\s/.test(line));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bulkhead-endpoints-'));
    good = await createAuthority(folder, 'good');
    const [server, madeClient, port] = await Promise.all([
      good.issue('server', 'IP:127.0.0.1'),
      good.issue('client', null),
      freePort(),
    ]);
    client = madeClient;
    tlsPort = port;
    const tls = ['--tlsverify', '--tlscacert', good.ca, '--tlscert', server.cert, '--tlskey', server.key];
    // All settle first: what started is stopped even where another one did not start.
    const started = await Promise.allSettled([
      startEngine({ args: ['--host', `tcp://127.0.0.1:${tlsPort}`, ...tls] }).then((made) => {
        engine = made;
      }),
      startPodman().then((made) => {
        podman = made;
      }),
      startSshServer().then((made) => {
        ssh = made;
      }),
    ]);
    for (const one of started) if (one.status === 'rejected') throw one.reason;
    plainPort = await listen(createServer(forward));
    process.env.PATH = `${ssh.path('good')}${delimiter}${path}`;
  });

  beforeEach(async () => {
    home = await createHome();
  });
  afterEach(async () => {
    await home.remove();
  });

  afterAll(async () => {
    process.env.PATH = path;
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
    await ssh?.stop();
    await podman?.stop();
    await engine?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('merges unix, tcp, tcp with TLS, ssh and a link to the socket into one engine, and keeps Podman beside it', async () => {
    const link = join(folder, 'link.sock');
    await symlink(engine.socket, link);
    const podmanLink = join(folder, 'podman-link.sock');
    await symlink(podman.socket, podmanLink);
    await home.context('by-link', `unix://${link}`);
    await home.context('by-ssh', sshAddress());
    await home.context('by-tcp', `tcp://127.0.0.1:${plainPort}`);
    await home.context('by-tls', `tcp://127.0.0.1:${tlsPort}`, { ca: good.ca, pair: client });
    await home.context('by-unix', engine.host);
    await home.context('podman-1', podman.host);
    await home.context('podman-2', `unix://${podmanLink}`);
    const { list } = await reports({ DOCKER_CONTEXT: 'by-tls' });
    expect(find(list, 'by-unix')).toMatchObject({
      name: 'by-tls',
      current: true,
      usable: true,
      reason: null,
      sources: ['by-tls', 'by-link', 'by-ssh', 'by-tcp', 'by-unix'].map((name) => `context ${name}`),
      engine: { kind: 'docker' },
    });
    expect(find(list, 'podman-1')).toMatchObject({
      usable: true,
      sources: ['context podman-1', 'context podman-2'],
      engine: { kind: 'podman', id: null },
    });
    await expect.poll(sshChildren).toEqual([]);
  });

  it('says what is wrong with TLS, and what to do', async () => {
    const bad = await createAuthority(folder, 'bad');
    const stranger = await bad.issue('stranger', null);
    const address = `tcp://127.0.0.1:${tlsPort}`;
    await home.context('wrong-ca', address, { ca: bad.ca, pair: client });
    await home.context('no-client', address, { ca: good.ca });
    await home.context('stranger', address, { ca: good.ca, pair: stranger });
    await home.context('no-tls', address);
    await home.context('lax', address, { pair: client, skip: true });
    await home.context('tls-on-plain', `tcp://127.0.0.1:${plainPort}`, { ca: good.ca, pair: client });
    for (const [name, subject, days] of [
      ['expired', 'IP:127.0.0.1', -1],
      ['misnamed', 'DNS:elsewhere', 1],
    ] as const) {
      const pair = await readPair(await good.issue(name, subject, days));
      const port = await listen(createTlsServer(pair, () => {}));
      await home.context(name, `tcp://127.0.0.1:${port}`, { ca: good.ca });
    }
    const { list } = await reports();
    const reason = (name: string) => find(list, name).reason;
    expect(reason('wrong-ca')).toMatch(/authority that is not trusted here/);
    expect(reason('no-client')).toMatch(/Give cert\.pem and key\.pem/);
    expect(reason('stranger')).toMatch(/Give cert\.pem and key\.pem/);
    expect(reason('no-tls')).toMatch(/wants TLS there/);
    expect(reason('tls-on-plain')).toMatch(/does not speak TLS there/);
    expect(reason('expired')).toMatch(/has expired/);
    expect(reason('misnamed')).toMatch(/for another name/);
    expect(find(list, 'lax').usable).toBe(true);
  });

  it('says what else stands there instead of an engine, and waits for nobody', async () => {
    const stale = join(folder, 'stale.sock');
    const leave = `require('net').createServer().listen(${JSON.stringify(stale)}, () => process.exit())`;
    execFileSync(process.execPath, ['-e', leave]);
    expect(existsSync(stale)).toBe(true);
    await home.context('stale', `unix://${stale}`);
    await home.context('gone', `unix://${folder}/gone.sock`);
    const web = createHttpServer((_request, response) => response.end('<html><b>hello</b></html>'));
    await home.context('web', `tcp://127.0.0.1:${await listen(web)}`);
    const chatter = createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n'));
    await home.context('chatter', `tcp://127.0.0.1:${await listen(chatter)}`);
    const waiting = new Set<Socket>();
    for (let index = 0; index < 5; index++) {
      const silent = join(folder, `silent-${index}.sock`);
      await listen(
        createServer((socket) => waiting.add(socket.resume()).size),
        silent,
      );
      await home.context(`silent-${index}`, `unix://${silent}`);
    }
    await home.context('closed', `tcp://127.0.0.1:${await freePort()}`);
    const { list, ms } = await reports();
    const reason = (name: string) => find(list, name).reason;
    expect(reason('stale')).toMatch(/leftover\. Start it\./);
    expect(reason('gone')).toMatch(/gone\.sock does not exist\. Start it\./);
    expect(reason('web')).toMatch(/^Something answers there, but it is not a Docker engine/);
    expect(reason('chatter')).toMatch(/not a Docker engine/);
    expect(reason('silent-4')).toMatch(/No answer within 3 s/);
    expect(reason('closed')).toMatch(/connection refused/);
    // The silent ones cost their patience once, together; nothing is left waiting on them.
    expect(ms).toBeLessThan(6_000);
    expect(waiting.size).toBe(5);
    await expect.poll(() => [...waiting].every((socket) => socket.destroyed)).toBe(true);
  });

  it('gives ssh’s own complaint as the reason, leaves no child, and never waits at a prompt', async () => {
    await home.context('by-ssh', sshAddress());
    for (const [variant, expected] of [
      ['unknown-host', /host’s key is not known yet.*ssh root@127\.0\.0\.1/],
      ['no-key', /login was refused/],
    ] as const) {
      process.env.PATH = `${ssh.path(variant)}${delimiter}${path}`;
      expect(await reasonOf('by-ssh')).toMatch(expected);
    }
    process.env.PATH = '/nonexistent';
    const missing = await discoverEndpoints({ system: system() });
    process.env.PATH = `${ssh.path('good')}${delimiter}${path}`;
    expect(find(missing, 'by-ssh').reason).toMatch(/program ssh is missing/);
    await home.context('by-ssh', `ssh://root@127.0.0.1:${ssh.port}${folder}/gone.sock`);
    expect(await reasonOf('by-ssh')).toMatch(/engine on the remote machine is not running/);
    // The far side's shell must see the hostile path as one word.
    const evil = join(folder, 'evil');
    await home.context('by-ssh', `ssh://root@127.0.0.1:${ssh.port}/x;touch%20${evil};$(touch%20${evil})`);
    expect(await reasonOf('by-ssh')).not.toBe('usable');
    expect(existsSync(evil)).toBe(false);
    await expect.poll(sshChildren).toEqual([]);
  });

  it('ends its ssh child on close, in the middle of an event stream', async () => {
    const target = await resolveEndpoint(system(), sshAddress());
    if (!target.ok) throw new Error(target.reason);
    const connection = await connect(target.endpoint);
    const client = new EngineClient(connection);
    await client.describe();
    let end: (reason: string) => void = () => {};
    const ended = new Promise<string>((resolve) => {
      end = resolve;
    });
    await client.events(
      () => {},
      (reason) => end(reason()),
      new AbortController().signal,
    );
    expect(sshChildren().length).toBeGreaterThan(0);
    connection.close();
    expect(await ended).not.toBe('');
    await expect.poll(sshChildren, { timeout: 3_000 }).toEqual([]);
  });

  it('keeps DOCKER_* of the environment out of a chosen connection', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      DOCKER_HOST: 'tcp://127.0.0.1:1',
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: '/nonexistent',
      DOCKER_PATH_PREFIX: '/nowhere',
    });
    try {
      await home.context('by-tls', `tcp://127.0.0.1:${tlsPort}`, { ca: good.ca, pair: client });
      for (const name of [engine.host, `tcp://127.0.0.1:${plainPort}`, 'by-tls']) {
        const target = await resolveEndpoint(system(), name);
        if (!target.ok) throw new Error(target.reason);
        const connection = await connect(target.endpoint);
        expect((await new EngineClient(connection).describe()).kind).toBe('docker');
        connection.close();
      }
      expect(process.env.DOCKER_HOST).toBe('tcp://127.0.0.1:1');
    } finally {
      process.env = before;
    }
  });

  it('shows containers and their namespaces through ssh', async () => {
    await engine.docker('run', '-d', '--name', 'far', '--network=none', engine.image, '/bin/sleep', '1000');
    const inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    try {
      const seen = await look(inspector, sshAddress());
      expect(seen.standing('net', 'far')).toBe('private');
      expect(seen.init('far').nsPids.at(-1)).toBe(1);
    } finally {
      await inspector.close();
    }
    expect(await engine.docker('ps', '-aq', '--filter', 'label=dev.bulkhead.helper')).toBe('');
    await expect.poll(sshChildren, { timeout: 3_000 }).toEqual([]);
  });

  it('shows Podman’s containers, who shares what and why, and removes its helper', async () => {
    const sleep = [podman.image, '/bin/sleep', '1000'];
    await podman.podman('run', '-d', '--name', 'pod1', '--network=none', ...sleep);
    await podman.podman('run', '-d', '--name', 'pod2', '--network=container:pod1', '--uts=host', ...sleep);
    const inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    try {
      const seen = await look(inspector, podman.host);
      expect(seen.snapshot.engine).toMatchObject({ kind: 'podman', id: null });
      expect(seen.snapshot.probe?.via).toBe('helper');
      expect(seen.members('net', 'pod2')).toEqual(['pod1', 'pod2']);
      expect(seen.cause('net', 'pod2')?.text).toBe('--network=container:pod1');
      expect(seen.standing('uts', 'pod2')).toBe('host');
      for (const kind of ['mnt', 'pid'] as const) expect(seen.standing(kind, 'pod1')).toBe('private');
      expect(seen.init('pod1').nsPids.at(-1)).toBe(1);
      // dockerd's containers are other containers of the same machine.
      const own = seen.snapshot.containers.filter(({ helper }) => !helper);
      expect(own.map(({ name }) => name).sort()).toEqual(['pod1', 'pod2']);
    } finally {
      await inspector.close();
    }
    expect(await podman.podman('ps', '-aq', '--filter', 'label=dev.bulkhead.helper')).toBe('');
  });
});
