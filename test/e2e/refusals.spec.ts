import { type StubOptions, startStubEngine } from '../support/stub-engine.ts';
import { AppPage } from './support/app-page.ts';
import { expect, startServe, test } from './support/fixtures.ts';

/** Texts as engines send them; sources: Docker's ECI documentation, moby daemon/daemon_unix.go, runc. */
const OCI = 'failed to create shim task: OCI runtime create failed:';

const CASES: readonly (readonly [string, StubOptions, RegExp, RegExp])[] = [
  [
    'Enhanced Container Isolation',
    {
      startError: `${OCI} error in the container spec: invalid or unsupported container spec: sysbox containers can't share namespaces [pid] with the host (because they use the linux user-namespace for isolation): unknown`,
    },
    /Enhanced Container Isolation keeps containers out of the VM/,
    /Ask your administrator/,
  ],
  [
    'userns-remap',
    { createError: { status: 400, text: 'cannot share the host PID namespace when user namespaces are enabled' } },
    /userns-remap/,
    /--userns=host/,
  ],
  [
    'a rootless engine',
    { rootless: true, startError: `${OCI} error mounting "proc" to rootfs at "/proc": operation not permitted` },
    /runs without root/,
    /engine that runs as root/,
  ],
  [
    'a security module',
    { startError: `${OCI} unable to apply apparmor profile: apparmor failed to apply profile: unknown` },
    /AppArmor or SELinux/,
    /Allow it there/,
  ],
  ['blocked image import', { importError: 'import is disabled by policy' }, /refused to import/, /Allow image import/],
  ['a foreign architecture', { arch: 'riscv64' }, /no probe for riscv64/, /amd64 and arm64/],
];

for (const [name, options, message, advice] of CASES) {
  test(`${name}: one clear message, and the rest goes on`, async ({ page }) => {
    const stub = await startStubEngine(options);
    const served = await startServe({ DOCKER_HOST: stub.host });
    try {
      const app = new AppPage(page);
      await app.open(served.url);
      await app.live();
      await expect(page.getByText(message)).toBeVisible();
      await expect(page.getByText(advice)).toBeVisible();
      // What the engine itself tells is there, in the picture, the details, the table and a file.
      await app.select('web');
      await expect(app.details).toContainText('running');
      await page.getByRole('button', { name: 'Table', exact: true }).click();
      await expect(app.table).toContainText('web');
      const file = await app.exportAs('Snapshot (JSON)');
      expect(JSON.parse(file.content.toString())).toMatchObject({ probe: null, containers: [{ name: 'web' }] });
      expect(app.errors).toEqual([]);
    } finally {
      await served.stop();
      await stub.stop();
    }
  });
}

test('engines that cannot be used are listed with what to do', async ({ page }) => {
  const stub = await startStubEngine({ osType: 'windows' });
  const served = await startServe({ DOCKER_HOST: stub.host }, true);
  try {
    const app = new AppPage(page);
    await app.open(served.url);
    await page.getByRole('button', { name: /Choose another$/ }).click();
    await expect(page.getByRole('dialog', { name: 'Choose an engine' })).toContainText('Switch to Linux containers');
  } finally {
    await served.stop();
    await stub.stop();
  }
});
