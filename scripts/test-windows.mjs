// `npm run test:windows`: Windows' own Node under Wine, with named pipes that lead to a real engine.
import { createCounts } from './counts.mjs';
import { prepareMachine, WINE_PACKAGES } from './setup-debian.mjs';

prepareMachine(WINE_PACKAGES);
const { step, vitest, finish } = createCounts();
await step('build', 'scripts/build.mjs');
await step('build the probe', 'scripts/build-probe.mjs');
await vitest('windows', { timeoutMs: 900_000 });
finish();
