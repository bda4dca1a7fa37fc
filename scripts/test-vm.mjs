// `npm run test:vm`: the tests that need the hidden VM, and the end-to-end tests with their engine in it.
import { createCounts } from './counts.mjs';
import { prepareMachine, VM_PACKAGES } from './setup-debian.mjs';

const MINUTES = 60_000;

prepareMachine(VM_PACKAGES);
const { step, vitest, playwright, finish } = createCounts();
const built = await step('build', 'scripts/build.mjs');
await step('build the probe', 'scripts/build-probe.mjs');
await vitest('vm', { timeoutMs: 30 * MINUTES });
/** Those for which it matters where the engine is. */
const SPECS = ['app', 'below'].map((name) => `test/e2e/${name}.spec.ts`);
/** One has limits of seconds, which nothing emulated keeps; the others are about the page. */
const WITHOUT = [
  'shows the experiment, live',
  'tells what a line means',
  'finds, filters, and undoes',
  'is driven by keys alone',
  'what hostile containers are called',
];
if (built) {
  await playwright(
    'end to end, the engine in the VM',
    ['--project=web', '--grep-invert', WITHOUT.join('|'), ...SPECS],
    {
      env: { BULKHEAD_TEST_ENGINE: 'vm' },
      timeoutMs: 30 * MINUTES,
    },
  );
}
finish();
