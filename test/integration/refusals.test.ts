import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { SessionStatus } from '../../src/api/contract.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import { connect } from '../../src/inspector/endpoint/connect.ts';
import { discoverEndpoints, resolveEndpoint } from '../../src/inspector/endpoint/discover.ts';
import { realSystem } from '../../src/inspector/endpoint/system.ts';
import { EngineClient } from '../../src/inspector/engine/engine.ts';
import { createInspector } from '../../src/inspector/inspector.ts';
import { describeWith } from '../support/require.ts';
import {
  STUB_CONTAINER,
  STUB_HELPER,
  type StubEngine,
  type StubOptions,
  startStubEngine,
} from '../support/stub-engine.ts';

/** Texts as engines send them; sources: Docker's ECI documentation, moby daemon/daemon_unix.go, runc. */
const OCI = 'failed to create shim task: OCI runtime create failed:';
const ECI = `${OCI} error in the container spec: invalid or unsupported container spec: sysbox containers can't share namespaces [pid] with the host (because they use the linux user-namespace for isolation): unknown`;
const USERNS = 'cannot share the host PID namespace when user namespaces are enabled';

let stub: StubEngine | null = null;

afterEach(async () => {
  await stub?.stop();
  stub = null;
});

/** The notices of a session on a stub when it is live, with the snapshot where one comes without a probe. */
async function live(
  options: StubOptions,
  snapshotToo = true,
  privileged = false,
): Promise<{ snapshot: Snapshot | null; status: SessionStatus }> {
  await stub?.stop();
  stub = await startStubEngine(options);
  const inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
  try {
    if (privileged) await inspector.request['session.allow-privileged']({ endpoint: stub.host });
    return await new Promise((resolve, reject) => {
      let snapshot: Snapshot | null = null;
      let status: SessionStatus | null = null;
      inspector.subscribe.session({ endpoint: stub?.host ?? '' }, (event) => {
        if (event.type === 'snapshot') snapshot = event.snapshot;
        if (event.type === 'status') status = event.status;
        if (status?.phase === 'live' && (snapshot !== null || !snapshotToo)) resolve({ snapshot, status });
        else if (status !== null && status.retryAt !== null) reject(new Error(status.message));
      });
    });
  } finally {
    await inspector.close();
  }
}

describeWith(
  'refusals: one clear notice, and the engine’s own facts go on',
  {
    linux: true,
    files: ['resources/probe/linux-amd64/bulkhead-probe', 'resources/probe/linux-arm64/bulkhead-probe'],
  },
  () => {
    it.each<[string, StubOptions, string, RegExp]>([
      ['Enhanced Container Isolation at start', { startError: ECI }, 'isolation-enhanced', /administrator/],
      [
        'Enhanced Container Isolation by command',
        {
          createError: {
            status: 403,
            text: 'enhanced container isolation: docker command "/containers/create" is blocked; if you wish to allow it, configure the docker socket command list in the Docker Desktop settings.',
          },
        },
        'isolation-enhanced',
        /administrator/,
      ],
      ['userns-remap', { createError: { status: 400, text: USERNS } }, 'userns-remap', /--userns=host/],
      [
        'a rootless engine',
        { rootless: true, startError: `${OCI} error mounting "proc" to rootfs at "/proc": operation not permitted` },
        'rootless',
        /engine that runs as root/,
      ],
      [
        'AppArmor',
        { startError: `${OCI} unable to apply apparmor profile: apparmor failed to apply profile: unknown` },
        'security-module',
        /Allow it there/,
      ],
      ['blocked import', { importError: 'import is disabled by policy' }, 'import-refused', /Allow image import/],
      ['a foreign architecture', { arch: 'riscv64' }, 'foreign-arch', /amd64 and arm64/],
      [
        'an architecture that the engine does not have',
        { startError: `${OCI} exec /bulkhead-probe: exec format error` },
        'foreign-arch',
        /not emulated/,
      ],
      ['anything else', { startError: 'no\u001b[2J\nway' }, 'helper-refused', /--pid=host/],
    ])('%s', async (_name, options, code, advice) => {
      const { snapshot, status } = await live(options);
      expect(status.notices).toEqual([
        {
          code,
          severity: 'warning',
          message: expect.any(String) as string,
          advice: expect.stringMatching(advice) as string,
          ...(['userns-remap', 'security-module'].includes(code) ? { action: 'privileged-helper' } : {}),
        },
      ]);
      expect(status.notices[0]?.message).not.toContain('\u001b');
      expect(snapshot?.probe).toBeNull();
      expect(snapshot?.containers.map(({ name }) => name)).toEqual(['web']);
      expect(stub?.created.filter(({ Privileged }) => Privileged === true)).toEqual([]);
      // What was created and refused at its start is removed again.
      const count = (route: string) => stub?.requests.filter((request) => request.endsWith(route)).length;
      if (options.startError !== undefined)
        expect(count(`/containers/${STUB_HELPER}`)).toBe(count('/containers/create'));
    });

    it('a helper is privileged only after the user has agreed, and not again in another run', async () => {
      const refusing: StubOptions = {
        startError: `${OCI} unable to apply apparmor profile: permission denied`,
        starts: ({ Privileged }) => Privileged === true,
      };
      const { status } = await live(refusing);
      expect(status.notices[0]?.action).toBe('privileged-helper');
      const agreed = await live(refusing, false, true);
      expect(stub?.created.map(({ Privileged }) => Privileged === true)).toEqual([false, true]);
      expect(agreed.status.notices[0]).toMatchObject({ code: 'privileged', severity: 'warning' });
      expect(agreed.status.notices[0]?.message).toContain('AppArmor');
      expect((await live(refusing)).status.notices[0]?.action).toBe('privileged-helper');
    });

    it.each([
      '/containers/create',
      `/containers/${STUB_HELPER}/start`,
      `/containers/${STUB_HELPER}/attach`,
      '/images/create',
    ])('a connection that is lost at %s is no refusal: nothing climbs, the session tries again', async (cut) => {
      await expect(live({ cut }, false, true)).rejects.toThrow(/closed without an answer/);
      expect(stub?.created.filter(({ Privileged, UsernsMode }) => Privileged || UsernsMode)).toEqual([]);
      expect(stub?.created.length).toBeLessThanOrEqual(1);
    });

    it.each<[string, string, RegExp]>([
      ['without a word', '', /not known whether the signal was sent: .*Look whether/],
      ['after the probe said that it sent it', 'sent\n', /^$/],
    ])('a helper that is lost %s', async (_, says, told) => {
      const output = Buffer.from(says);
      const header = Buffer.from([1, 0, 0, 0, 0, 0, 0, output.length]);
      stub = await startStubEngine({
        own(route, connection) {
          if (!route.endsWith('/attach')) return false;
          connection.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
          if (output.length > 0) connection.write(Buffer.concat([header, output]));
          setTimeout(() => connection.destroy(), 200);
          return true;
        },
      });
      const inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
      try {
        const sent = inspector.request['process.signal']({ endpoint: stub.host, pid: 7, startTime: 1, signal: 'KILL' });
        await expect(
          sent.then(
            () => '',
            (error: Error) => error.message,
          ),
        ).resolves.toMatch(told);
      } finally {
        await inspector.close();
      }
    });

    it('a rootless engine that runs the helper: what is missing is said all the same', async () => {
      const { status } = await live({ rootless: true }, false);
      expect(status.notices).toEqual([expect.objectContaining({ code: 'rootless', severity: 'notice' })]);
      expect((await live({}, false)).status.notices).toEqual([]);
    });
  },
);

const FORBIDDEN =
  'HTTP/1.0 403 Forbidden\r\ncontent-type: text/html\r\n\r\n<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>\n';

/** As a filtering proxy does: what is not listed is forbidden, in HTML. Source: Tecnativa/docker-socket-proxy. */
const refusing = (status: string): string => `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 3\r\n\r\nno\n`;

/** Lets all through but one kind of request, to which it answers with a status and no word of an engine's. */
function without(request: RegExp, status: string): StubOptions {
  return {
    own(route, connection) {
      if (!request.test(route)) return false;
      connection.end(refusing(status));
      return true;
    },
  };
}

function behindProxy(...allowed: string[]): StubOptions {
  const passes = new RegExp(`^GET (/v[0-9.]+)?/(${allowed.join('|')})`);
  return {
    own(route, connection) {
      if (passes.test(route)) return false;
      connection.end(FORBIDDEN);
      return true;
    },
  };
}

describeWith(
  'behind a filtering proxy, each refusal names the request and what the proxy needs',
  { linux: true, files: ['resources/probe/linux-amd64/bulkhead-probe'] },
  () => {
    const DEFAULTS = ['_ping', 'version', 'events'];

    it('where everything may be read: the engine’s facts, and why there are no others', async () => {
      const { snapshot, status } = await live(behindProxy(...DEFAULTS, 'containers', 'info'));
      expect(snapshot?.containers.map(({ name }) => name)).toEqual(['web']);
      expect(snapshot?.probe).toBeNull();
      expect(status.notices).toEqual([
        {
          code: 'proxy',
          severity: 'warning',
          message: expect.stringMatching(
            /^A proxy in front of the engine refuses POST \/images\/create \(HTTP 403\)\. So the helper cannot run/,
          ) as string,
          advice: expect.stringContaining('CONTAINERS=1, IMAGES=1 and POST=1') as string,
        },
      ]);
    });

    it('where /info is refused, the rest goes on with what /version says', async () => {
      const { snapshot, status } = await live(behindProxy(...DEFAULTS, 'containers'));
      expect(snapshot?.engine).toMatchObject({ version: '20.10', name: '' });
      expect(snapshot?.containers).toHaveLength(1);
      expect(status.notices[0]).toMatchObject({
        code: 'info',
        message: 'A proxy in front of the engine refuses GET /info (HTTP 403). It needs INFO=1.',
      });
      expect(status.notices.map(({ code }) => code)).toEqual(['info', 'proxy']);
    });

    it.each(['403 Forbidden', '404 Not Found', '405 Method Not Allowed', '501 Not Implemented'])(
      'whatever the number of the refusal: %s',
      async (said) => {
        const number = `(HTTP ${said.slice(0, 3)})`;
        const info = await live(without(/\/info$|^POST/, said));
        expect(info.status.notices[0]?.message).toContain(`refuses GET /info ${number}. It needs INFO=1.`);
        expect(info.snapshot?.containers.map(({ name }) => name)).toEqual(['web']);
        // A container that may not be asked about is no container less.
        const one = await live(without(/\/c1c1.*\/json$|^POST/, said));
        expect(one.snapshot?.containers.map(({ id }) => id)).toEqual([STUB_CONTAINER]);
        expect(one.status.notices[0]).toMatchObject({
          code: 'containers',
          message: `A proxy in front of the engine refuses GET /containers/…/json ${number}. It needs CONTAINERS=1.`,
        });
        const post = await live(without(/^POST/, said));
        expect(post.status.notices[0]).toMatchObject({ code: 'proxy' });
        expect(post.status.notices[0]?.message).toContain(`refuses POST /images/create ${number}`);
        await expect(live(without(/\/events$/, said))).rejects.toThrow(
          `refuses GET /events ${number}. It needs EVENTS=1`,
        );
        await expect(live(without(/\/version$/, said))).rejects.toThrow(`GET /version ${number}. It needs VERSION=1`);
        await expect(live(without(/\/_ping$/, said))).rejects.toThrow(/GET \/_ping (gives|\()/);
      },
    );

    it('a proxy that does not find its engine is told from one that refuses', async () => {
      await expect(live(without(/\/version$/, '503 Service Unavailable'))).rejects.toThrow(
        'A proxy in front of the engine cannot reach it: GET /version (HTTP 503). Check that the engine runs',
      );
    });

    it('where containers are refused, nothing can be shown', async () => {
      await expect(live(behindProxy(...DEFAULTS))).rejects.toThrow(
        'A proxy in front of the engine refuses GET /containers/json (HTTP 403). It needs CONTAINERS=1.',
      );
    });

    it.each([
      ['all that may be read', behindProxy(...DEFAULTS, 'containers', 'info'), 4, /POST \/images\/create \(HTTP 403\)/],
      ['too little', behindProxy(...DEFAULTS), 1, /It needs CONTAINERS=1/],
    ])('the command line ends with the code for it: %s', async (_name, options, code, said) => {
      stub = await startStubEngine(options);
      const args = ['bin/bulkhead.mjs', 'scan', '--endpoint', stub.host];
      const ended = await new Promise<{ code: number | null; err: string }>((resolve) => {
        const child = execFile(process.execPath, args, (_error, _out, err) => resolve({ code: child.exitCode, err }));
      });
      expect(ended.err).toMatch(said);
      expect(ended.code).toBe(code);
    });
  },
);

it.each<[string, StubOptions, RegExp]>([
  ['too old', { apiVersion: '1.24' }, /too old: it speaks API 1\.24.*Update the engine/],
  [
    'too new',
    {
      apiVersion: '1.70',
      versionError:
        'client version 1.55 is too old. Minimum supported API version is 1.60, please upgrade your client to a newer version',
    },
    /too new .*Update Bulkhead/,
  ],
  ['for Windows containers', { osType: 'windows' }, /Switch to Linux containers/],
])('an engine %s is listed with what to do', async (_name, options, reason) => {
  stub = await startStubEngine(options);
  const system = realSystem({ env: { DOCKER_HOST: stub.host }, home: '/nonexistent' });
  const report = (await discoverEndpoints({ system })).find(({ current }) => current);
  expect(report).toMatchObject({ usable: false, reason: expect.stringMatching(reason) as string });
});

it('sends the headers of config.json and speaks DOCKER_API_VERSION', async () => {
  stub = await startStubEngine();
  const home = await mkdtemp(join(tmpdir(), 'bulkhead-home-'));
  await mkdir(join(home, '.docker'));
  await writeFile(join(home, '.docker/config.json'), JSON.stringify({ HttpHeaders: { 'X-Meta': 'mine' } }));
  const ask = async (env: Record<string, string>) => {
    const target = await resolveEndpoint(realSystem({ env: { DOCKER_HOST: stub?.host, ...env }, home }), 'default');
    if (!target.ok) throw new Error(target.reason);
    const connection = await connect(target.endpoint);
    await new EngineClient(connection).describe().finally(() => connection.close());
    return stub?.requests.splice(0);
  };
  expect((await ask({ DOCKER_API_VERSION: '1.30' }))?.sort()).toEqual([
    'GET /_ping mine',
    'GET /v1.30/info mine',
    'GET /v1.30/version mine',
  ]);
  expect(await ask({})).toContain('GET /v1.41/info mine');
  await rm(home, { recursive: true });
});
