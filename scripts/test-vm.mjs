// `npm run test:vm`: the tests that need the hidden VM, and the end-to-end tests with their engine in it.
import { run, tool } from './run-steps.mjs';
import { prepareMachine, VM_PACKAGES } from './setup-debian.mjs';

const MINUTES = 60_000;

prepareMachine(VM_PACKAGES);
const steps = [
  ['build', tool('scripts/build.mjs'), {}],
  ['build the probe', tool('scripts/build-probe.mjs'), {}],
  ['the VM', tool('node_modules/vitest/vitest.mjs', 'run', '--project', 'vm'), {}],
  [
    'end to end, the engine in the VM',
    tool('node_modules/@playwright/test/cli.js', 'test', '--project=web'),
    { BULKHEAD_TEST_ENGINE: 'vm' },
  ],
];
let failed = 0;
for (const [name, [program, args], env] of steps) {
  console.log(`\n== ${name}`);
  const { ok, seconds } = await run(program, args, { env, timeoutMs: 40 * MINUTES });
  console.log(`== ${name}: ${ok ? 'ok' : 'FAILED'} (${seconds.toFixed(0)} s)`);
  if (!ok) failed += 1;
}
console.log(`\n${steps.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
