// Runs on Windows' Node: named pipes that lead to a port of the loopback, where a Linux program leads on to the engine.
//   node pipes.mjs PORT CONTROL-PORT NAME...
// The control connection is told `ready`. It may send `block MS`: for so long nobody accepts, and further clients find
// the pipe busy. Its end ends the program.
import { connect, createServer } from 'node:net';

const [port, controlPort, ...names] = process.argv.slice(2);

/** @param {string} name */
const listen = (name) =>
  new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true });
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
      near.on('close', () => far.destroy());
      far.on('close', () => near.destroy());
      near.pipe(far);
      far.pipe(near);
    });
    server.on('error', reject);
    server.listen(`\\\\.\\pipe\\${name}`, () => resolve(undefined));
  });

const control = connect({ port: Number(controlPort), host: '127.0.0.1' });
for (const end of ['close', 'error']) control.on(end, () => process.exit());
control.on('data', (data) => {
  const ms = Number(/^block (\d+)/.exec(data.toString())?.[1]);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
});
await Promise.all(names.map(listen));
control.write('ready\n');
