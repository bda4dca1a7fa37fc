import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { app } from 'electron';
import { registerAppScheme, serveAppScheme } from '../../src/main/app-protocol.ts';
import { createOfferedFiles } from '../../src/main/files.ts';
import { servePages } from '../../src/main/ipc.ts';
import { APP_ORIGIN } from '../../src/main/origin.ts';
import { createWindow } from '../../src/main/window.ts';

/**
 * The app's own IPC, preload and window, with the inspector elsewhere: every port of the page is relayed to the test,
 * a JSON string a line, so that the contract's tests can stand at both ends of it.
 */
async function start(): Promise<void> {
  await app.whenReady();
  serveAppScheme(join(import.meta.dirname, 'page'), createOfferedFiles());
  const onPort: Parameters<typeof servePages>[1] = (port) => {
    const relay = connect(Number(process.env.BULKHEAD_RELAY), '127.0.0.1');
    port.onMessage((text) => relay.write(`${JSON.stringify(text)}\n`));
    port.onClose(() => relay.end());
    createInterface({ input: relay }).on('line', (line) => port.send(JSON.parse(line)));
    relay.on('close', () => port.close());
  };
  servePages(APP_ORIGIN, onPort, () => {});
  const window = createWindow({
    preload: join(import.meta.dirname, 'preload.cjs'),
    stateFile: join(app.getPath('userData'), 'window.json'),
    devTools: false,
  });
  await window.loadURL(`${APP_ORIGIN}/index.html`);
}

app.enableSandbox();
registerAppScheme();
void start();
