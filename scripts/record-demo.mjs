// `npm run record:demo`: records resources/demo-snapshot.json, what Bulkhead shows where there is nothing else to show.
// Everything in it was seen in the VM of the tests; nothing is made up.
import { writeFileSync } from 'node:fs';
import { runnerImport } from 'vite';

const FILE = 'resources/demo-snapshot.json';
const load = async (path) => (await runnerImport(path, { configFile: false, logLevel: 'error' })).module;

async function main() {
  const { startVm } = await load('./test/support/vm.ts');
  const { startFleet } = await load('./test/support/fleet.ts');
  const { createInspector } = await load('./src/inspector/inspector.ts');
  const { encodeSnapshot, decodeSnapshot } = await load('./src/core/snapshot/decode.ts');
  console.log('Starting the VM …');
  const vm = await startVm();
  const inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
  const notices = [];
  try {
    console.log('Starting the containers …');
    await startFleet(vm);
    inspector.subscribe.session({ endpoint: vm.tcp }, (event) => {
      if (event.type === 'status') notices.push(...event.status.notices.map(({ message }) => message));
    });
    const taken = await inspector.request['snapshot.take']({ endpoint: vm.tcp, details: true });
    const text = encodeSnapshot({ ...taken, demo: true });
    const decoded = decodeSnapshot(text);
    if (!decoded.ok) throw new Error(decoded.message);
    if (taken.probe === null) throw new Error(`the probe did not run: ${notices.join(' ')}`);
    if (taken.details === undefined) throw new Error('no details were read');
    for (const { message } of taken.details.problems) console.log(`Not read: ${message}`);
    if (taken.details.problems.length > 0) throw new Error('not every detail was readable');
    if (decoded.snapshot.processes.some(({ unreadable }) => unreadable)) throw new Error('not everything was readable');
    // Without indentation: the file is part of every package.
    writeFileSync(FILE, `${JSON.stringify(decoded.snapshot)}\n`);
    console.log(`Wrote ${FILE}: ${taken.containers.length} containers, ${taken.processes.length} processes.`);
  } finally {
    await inspector.close();
    await vm.stop();
  }
}

await main();
process.exit(0);
