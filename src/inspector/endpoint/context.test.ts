import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readDockerConfiguration } from './context.ts';
import { contextFolder } from './context-store.ts';
import { discoverEndpoints, resolveEndpoint } from './discover.ts';
import type { Candidate } from './endpoint.ts';
import { realSystem, type System } from './system.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'bulkhead-home-'));
});
afterEach(async () => {
  await rm(home, { recursive: true, force: true });
});

function system(env: System['env'] = {}): System {
  return realSystem({ env, home, platform: 'linux' });
}

async function write(path: string, text: string | Buffer): Promise<void> {
  const file = join(home, '.docker', path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

const config = (value: unknown) => write('config.json', JSON.stringify(value));

/** A context as `docker context create` writes it. */
async function context(name: string, host: string, options: { skip?: boolean; folder?: string } = {}): Promise<void> {
  const folder = options.folder ?? contextFolder(name);
  const docker = { Host: host, SkipTLSVerify: options.skip ?? false };
  await write(`contexts/meta/${folder}/meta.json`, JSON.stringify({ Name: name, Metadata: {}, Endpoints: { docker } }));
}

const tlsFile = (name: string, file: string, text: string) =>
  write(`contexts/tls/${contextFolder(name)}/docker/${file}`, text);

/** A certificate and its key in PEM. `BULKHEAD_TEST_PEM` names a file that has both, where there is no openssl. */
function selfSigned(): { cert: string; key: string } {
  const args = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=x -keyout - -out -';
  const made = process.env.BULKHEAD_TEST_PEM;
  const pem =
    made === undefined
      ? execFileSync('openssl', args.split(' '), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      : readFileSync(made, 'utf8');
  const part = (word: string) => new RegExp(`-----BEGIN ${word}-----[^]*-----END ${word}-----\n`).exec(pem)?.[0] ?? '';
  return { cert: part('CERTIFICATE'), key: part('PRIVATE KEY') };
}

async function current(env: System['env'] = {}, options = {}): Promise<string> {
  const { candidates } = await readDockerConfiguration(system(env), options);
  const found = candidates.filter((candidate) => candidate.current);
  expect(found).toHaveLength(1);
  const [{ name, target } = { name: '', target: { ok: false as const, reason: '' } }] = found;
  return `${name} ${target.ok ? target.endpoint.id : target.reason}`;
}

async function named(name: string, env: System['env'] = {}): Promise<Candidate> {
  const found = (await readDockerConfiguration(system(env))).candidates.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no candidate ${name}`);
  return found;
}

async function reason(name: string, env: System['env'] = {}): Promise<string> {
  const { target } = await named(name, env);
  return target.ok ? 'usable' : target.reason;
}

it('reads what PowerShell wrote, in UTF-16 with a byte order mark', async () => {
  await context('far', 'tcp://192.0.2.7:2375');
  await write('config.json', Buffer.from('\ufeff{"currentContext":"far"}\r\n', 'utf16le'));
  expect(await current()).toContain('far');
});

it('keeps contexts where docker keeps them', () => {
  // `printf desktop-linux | sha256sum`
  expect(contextFolder('desktop-linux')).toBe('fe9c6bd7a66301f49ca9b6a70b217107cd1284598bfc254700c989b916da791e');
});

it('chooses as docker does: --context, --host, DOCKER_HOST, DOCKER_CONTEXT, currentContext, default', async () => {
  for (const name of ['a', 'b', 'c']) await context(name, `unix:///${name}.sock`);
  const env = { DOCKER_HOST: 'tcp://env', DOCKER_CONTEXT: 'b' };
  expect(await current()).toBe('default unix:///var/run/docker.sock');
  await config({ currentContext: 'a' });
  expect(await current()).toBe('a unix:///a.sock');
  expect(await current({ DOCKER_CONTEXT: 'b' })).toBe('b unix:///b.sock');
  expect(await current({ DOCKER_CONTEXT: '', DOCKER_HOST: '' })).toBe('a unix:///a.sock');
  expect(await current(env)).toBe('default tcp://env:2375');
  expect(await current(env, { host: 'unix:///h.sock' })).toBe('default unix:///h.sock');
  expect(await current(env, { context: 'c' })).toBe('c unix:///c.sock');
  await expect(current(env, { context: 'c', host: 'x' })).rejects.toThrow(/both --host and --context/);
});

it('says who chose a context that does not exist', async () => {
  expect(await current({ DOCKER_CONTEXT: 'gone' })).toMatch(/context not found \(chosen by DOCKER_CONTEXT\)/);
  await config({ currentContext: 'gone' });
  expect(await current()).toMatch(/context not found \(chosen by currentContext in config.json\)/);
});

it('lists the current one first, then by name', async () => {
  for (const name of ['b', 'a', 'z']) await context(name, `unix:///${name}.sock`);
  const { candidates } = await readDockerConfiguration(system({ DOCKER_CONTEXT: 'z' }));
  expect(candidates.map(({ name }) => name)).toEqual(['z', 'a', 'b', 'default']);
});

it('takes a context’s own TLS, and not the environment’s', async () => {
  const { cert, key } = selfSigned();
  await context('secure', 'tcp://box:2376');
  await tlsFile('secure', 'ca.pem', cert);
  await tlsFile('secure', 'cert.pem', cert);
  await tlsFile('secure', 'key.pem', key);
  await context('plain', 'tcp://box:2376');
  await context('lax', 'tcp://box', { skip: true });
  const env = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere' };
  const tls = async (name: string) => {
    const { target } = await named(name, env);
    return target.ok ? target.endpoint.tls : target.reason;
  };
  expect(await tls('secure')).toEqual({ ca: cert, cert, key, verify: true });
  expect(await tls('plain')).toBeNull();
  expect(await tls('lax')).toEqual({ ca: null, cert: null, key: null, verify: false });
  expect((await named('lax')).target).toMatchObject({ endpoint: { address: { port: 2376 } } });
  // One address, three ways to meet it: three endpoints.
  await context('other', 'tcp://box:2376', { skip: true });
  const ids = await Promise.all(
    ['secure', 'plain', 'other'].map(async (name) => {
      const { target } = await named(name);
      return target.ok ? target.endpoint.id : '';
    }),
  );
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(await resolveEndpoint(system(), id)).toMatchObject({ ok: true, endpoint: { id } });
});

it('takes the environment’s TLS for the default: DOCKER_TLS_VERIFY even when it says 0', async () => {
  const { cert } = selfSigned();
  const folder = join(home, 'certs');
  await mkdir(folder);
  await writeFile(join(folder, 'ca.pem'), cert);
  const env = { DOCKER_HOST: 'tcp://box', DOCKER_CERT_PATH: folder };
  const target = async (more: System['env']) => (await named('default', { ...env, ...more })).target;
  expect(await target({})).toMatchObject({ endpoint: { tls: null, address: { port: 2375 } } });
  expect(await target({ DOCKER_TLS_VERIFY: '0' })).toMatchObject({
    endpoint: { tls: { ca: cert, verify: true }, address: { port: 2376 } },
  });
  expect(await target({ DOCKER_TLS: '1' })).toMatchObject({ endpoint: { tls: { verify: false } } });
  expect(await target({ DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: home })).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/ca\.pem: put the file there/) as string,
  });
});

it('refuses broken TLS files with what to do', async () => {
  const { cert, key } = selfSigned();
  for (const name of ['half', 'encrypted', 'rubbish']) await context(name, 'tcp://box');
  await tlsFile('half', 'cert.pem', cert);
  await tlsFile('encrypted', 'cert.pem', cert);
  await tlsFile('encrypted', 'key.pem', key.replaceAll('PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'));
  await tlsFile('rubbish', 'ca.pem', 'rubbish');
  await tlsFile('rubbish', 'cert.pem', 'rubbish');
  await tlsFile('rubbish', 'key.pem', 'rubbish');
  expect(await reason('half')).toMatch(/key\.pem is missing/);
  expect(await reason('encrypted')).toMatch(/without a passphrase/);
  expect(await reason('rubbish')).toMatch(/cannot be used/);
});

it('gives headers and the API version to every configured endpoint', async () => {
  await config({
    HttpHeaders: { 'X-Meta': 'yes', 'User-Agent': 'no', 'bad\r\nname': 'no', 'X-Bad': 'a\r\nb', 'X-Wide': 'é✓' },
  });
  await context('a', 'unix:///a.sock');
  for (const name of ['default', 'a']) {
    expect((await named(name, { DOCKER_API_VERSION: 'v1.41' })).target).toMatchObject({
      endpoint: { headers: { 'X-Meta': 'yes' }, apiVersion: '1.41' },
    });
  }
  const { target } = await named('a');
  expect(target.ok && Object.keys(target.endpoint.headers)).toEqual(['X-Meta']);
});

it.each([
  ['not JSON', '{'],
  ['the wrong type', '{"currentContext": 5}'],
])('reports a config.json that is %s, in the list too, and goes on with the default', async (_what, text) => {
  await write('config.json', text);
  const { problems } = await readDockerConfiguration(system());
  expect(problems).toEqual([expect.stringMatching(/config\.json cannot be read .*Correct the file\./)]);
  expect(await current()).toBe('default unix:///var/run/docker.sock');
  const reports = await discoverEndpoints({ system: system() });
  expect(reports.find(({ name }) => name === 'Docker configuration')).toMatchObject({
    usable: false,
    reason: problems[0],
  });
});

it('reports a store that cannot be read', async () => {
  await write('contexts/x', '');
  const broken: System = {
    ...system(),
    readFolder: () => Promise.reject(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })),
  };
  expect((await readDockerConfiguration(broken)).problems).toEqual([
    expect.stringMatching(/contexts[\\/]meta cannot be read/),
  ]);
});

it('keeps a broken context in the list, with what to do', async () => {
  await context('good', 'unix:///good.sock');
  await context('moved', 'unix:///moved.sock', { folder: contextFolder('elsewhere') });
  await context('bad-address', 'tcp://$(id)');
  await write(`contexts/meta/${contextFolder('broken')}/meta.json`, '{"Name": 1}');
  await write(`contexts/meta/${contextFolder('empty')}/meta.json`, '{"Name": "empty", "Endpoints": {}}');
  expect(await reason('good')).toBe('usable');
  expect(await reason('moved')).toMatch(/wrong folder/);
  expect(await reason('bad-address')).toMatch(/not host:port/);
  expect(await reason(contextFolder('broken').slice(0, 12))).toMatch(/Remove the context and create it again/);
  expect(await reason('empty')).toMatch(/no docker endpoint/);
});

it('resolves ids, names and addresses, and refuses a misspelt name with those that are known', async () => {
  await context('colima', 'unix:///colima.sock');
  const resolve = (wanted: string) => resolveEndpoint(system(), wanted);
  expect(await resolve('colima')).toMatchObject({ endpoint: { id: 'unix:///colima.sock' } });
  expect(await resolve('unix:///colima.sock')).toMatchObject({ endpoint: { name: 'colima' } });
  expect(await resolve('tcp://new:1')).toMatchObject({ endpoint: { id: 'tcp://new:1' } });
  const refused = await resolve('colmia');
  expect(refused).toEqual({
    ok: false,
    reason: expect.stringMatching(/no endpoint "colmia"\. Known: default, colima, local, demo/) as string,
  });
  expect(await resolve('tcp://box;id')).toMatchObject({ ok: false });
  await context('broken', 'tcp://$(id)');
  expect(await resolve('context:broken')).toMatchObject({
    ok: false,
    reason: expect.stringMatching(/host:port/) as string,
  });
});
