import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GUIDE } from '../../src/core/answer/guide.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { describeWith } from '../support/require.ts';

const PROGRAM = 'out/cli/bulkhead.js';
const needs = {
  ...ENGINE_NEEDS,
  programs: [...ENGINE_NEEDS.programs, 'nsenter'],
  files: [...ENGINE_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe', PROGRAM],
};

describeWith('the guide on a real engine', needs, () => {
  let engine: TestEngine;
  let folder: string;

  beforeAll(async () => {
    engine = await startEngine();
    // The image of the tests is busybox, without its web server's pages.
    await engine.docker('tag', engine.image, 'busybox');
    folder = await mkdtemp(join(tmpdir(), 'bulkhead-guide-'));
    await writeFile(join(folder, 'bulkhead'), `#!/bin/sh\nexec ${process.execPath} ${resolve(PROGRAM)} "$@"\n`);
    // Tests run as root.
    await writeFile(join(folder, 'sudo'), '#!/bin/sh\nexec "$@"\n');
    for (const name of ['bulkhead', 'sudo']) await chmod(join(folder, name), 0o755);
  });
  afterAll(async () => {
    await engine?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  function run(command: string): Promise<{ code: number; out: string }> {
    return new Promise((done) => {
      const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder, DOCKER_HOST: engine.host };
      execFile('sh', ['-c', command], { env }, (error, out, err) => {
        done({ code: error === null ? 0 : Number(error.code), out: out + err });
      });
    });
  }

  it('each line runs as it stands, and shows what its step says', async () => {
    const said = new Map<string, string>();
    for (const { title, commands } of GUIDE) {
      for (const line of commands) {
        // Another program of the machine may have the port.
        const { code, out } = await run(line.replace('-p 8000:8000', '-p 8000'));
        // The one that finds what the step has just broken.
        expect({ title, line, out, code }).toMatchObject({ code: line.startsWith('bulkhead check') ? 5 : 0 });
        said.set(line, out);
      }
    }
    const of = (start: string) => [...said].find(([line]) => line.startsWith(start))?.[1] ?? '';
    expect(of('bulkhead why')).toContain('web2 joined it: --network=container:web1.');
    expect(of('docker exec web2 wget').trim()).toBe(of('docker exec web1 hostname').trim());
    expect(of('docker exec web2 hostname')).toBe(of('docker exec web1 hostname'));
    expect(of('docker run --rm --uts=host')).not.toBe(of('docker exec web1 hostname'));
    expect(of('docker exec web2 ls /tmp')).not.toContain('only-here');
    expect(of('docker exec web2 ps')).toMatch(/^ +1 /m);
    expect(of('bulkhead find web2')).toMatch(/^container +web2/m);
    expect(of('docker run --rm --pid=container:web1')).toContain('busybox');
    expect(of('bulkhead check')).toContain('Cure: docker restart web2');
    expect(await engine.docker('ps', '-aq')).toBe('');
  });
});
