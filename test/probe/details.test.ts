import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { createService, openHere, type Service } from '../../src/inspector/detail/service.ts';
import { describeWith } from '../support/require.ts';
import { PROBE_NEEDS } from './probe.ts';

function probesOfMine(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(ppid) === process.pid && state !== 'Z' && stat.includes('(bulkhead-probe)');
      } catch {
        return false;
      }
    });
}

describeWith('the helper of the details, started here', PROBE_NEEDS, () => {
  let service: Service | undefined;
  afterEach(async () => service?.close());

  it('is killed when it does not answer, however deeply it hangs', async () => {
    let ends = 0;
    service = await createService(openHere, () => ends++, 500);
    await expect(service.ask(['holders'])).resolves.toMatchObject({ holders: [] });
    const [pid = 0] = probesOfMine();
    execFileSync('kill', ['-STOP', String(pid)]);
    await expect(service.ask(['holders'])).rejects.toThrow('did not answer');
    await expect.poll(probesOfMine).toEqual([]);
    expect(ends).toBe(1);
  });
});
