import { type ExecFileException, execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import { encodeSnapshot } from '../../src/core/snapshot/decode.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import { madeFleet } from '../support/made-fleet.ts';
import { describeWith } from '../support/require.ts';

const PROGRAM = 'out/cli/bulkhead.js';

describeWith('what is typed wrong, in the built command line', { files: [PROGRAM] }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-typed-'));
  const [fleet, twins] = [join(folder, 'fleet.json'), join(folder, 'twins.json')];
  beforeAll(() => {
    writeFileSync(fleet, encodeSnapshot(madeFleet(40)));
    const two = snapshotOf({ containers: [{ name: 'one' }, { name: 'two' }] });
    const containers = two.containers.map((container, at) => ({ ...container, id: `abcd${at}${'0'.repeat(59)}` }));
    const processes = two.processes.map((process) => ({
      ...process,
      container: containers[two.containers.findIndex(({ id }) => id === process.container)]?.id ?? null,
    }));
    writeFileSync(twins, encodeSnapshot({ ...two, containers, processes } satisfies Snapshot));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      execFile(process.execPath, [PROGRAM, ...args], (error: ExecFileException | null, out, err) =>
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, out, err }),
      );
    });

  // What was wrong, and what would be right.
  it.each([
    [['inspect', 'shop'], /There is no container, process or namespace shop\.[\s\S]*[0-9a-f]{12} shop-api/],
    [['inspect', ''], /There is no container, process or namespace “”\./],
    [['inspect', 'net:[1]'], /There is no namespace net:\[1\]\. `bulkhead scan --json` has them all\./],
    [['why', 'shop'], /There is no container or process shop\.[\s\S]*[0-9a-f]{12} container shop-api/],
    [['why', 'shop-api-1', ' '], /There is no container or process “ ”\./],
    [['isolation', 'shop'], /There is no container shop\. Running: shop-api/],
    [['isolation', ''], /There is no container “”\./],
    [['reach', 'shop', ':80'], /no container or process shop to come from\. Right are: .*\(shop-api.* and \d+ more\)/],
    [['reach', '', ':80'], /no container or process “” to come from\./],
    [['reach', 'outside', 'nobody:80'], /no container nobody to be reached from outside\. There are: .* and \d+ more/],
    [['reach', 'outside', 'db'], /db has no port: db:80/],
    [['reach', 'outside', ':99999'], /99999 is not a port: ports go from 1 to 65535/],
    [['reach', 'host', '[::1:80'], /is not a destination\. Right are: /],
    [['find', ' '], /Nothing to look for\. Give a pid/],
  ])('%j ends with 2, and tells what would be right', async (args, told) => {
    expect(await run(...args, '--snapshot', fleet)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(told),
    });
  });

  it.each([
    [['inspect', 'abcd']],
    [['why', 'abcd']],
    [['why', 'one', 'abcd']],
    [['isolation', 'abcd']],
    [['reach', 'abcd', ':80']],
    [['reach', 'host', 'abcd:80']],
  ])('%j may be two containers: it ends with 2 and lists both', async (args) => {
    const { code, out, err } = await run(...args, '--snapshot', twins);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    for (const name of ['one', 'two']) expect(err).toMatch(new RegExp(`abcd\\d0{7} .*${name}|${name} \\(abcd`));
  });

  it.each([
    [['top', '--sort', 'size', '--once'], /cpu, memory, io/],
    [['check', '--fail-on', 'all'], /broken, danger, warning/],
    [['why'], /missing required argument/],
    [['diff', 'live'], /missing required argument/],
    [['diff', '-', '-'], /Only one of the two/],
    [['inspekt', 'x'], /unknown command.*\(Did you mean inspect\?\)/s],
  ])('%j', async (args, told) => {
    expect(await run(...args)).toMatchObject({ code: 2, out: '', err: expect.stringMatching(told) });
  });
});
