// `npm test`: sets the machine up, checks, builds and runs every test that this machine can run but those of the VM. The
// last line is `N passed, N failed, N skipped`.
import { createCounts } from './counts.mjs';
import { run, tool } from './run-steps.mjs';
import { prepareMachine } from './setup-debian.mjs';

const { step, vitest, playwright, tally, finish } = createCounts();

async function mutations() {
  console.log('\n== deliberate breakages');
  const { ok, seconds, output } = await run(...tool('test/mutations/run.mjs'), { quiet: true, timeoutMs: 1_200_000 });
  console.log(output.trimEnd());
  tally('deliberate breakages', ok, seconds, () => {
    const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(output);
    return { passed: Number(passed), failed: Number(failed), skipped: 0 };
  });
}

prepareMachine();
await step('check', 'scripts/check.mjs');
const built = await step('build', 'scripts/build.mjs');
await step('build the probe', 'scripts/build-probe.mjs');
for (const project of ['unit', 'contract', 'probe', 'integration', 'cli']) await vitest(project);
if (built) {
  await playwright('end to end');
  await mutations();
}
console.log(
  '\nNot run: the tests of packages (npm run test:package), under Wine (npm run test:windows), of the hidden VM (npm run test:vm).',
);
finish();
