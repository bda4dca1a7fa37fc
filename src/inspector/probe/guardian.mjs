// A process of its own, so plain JavaScript: see guardian.ts. Its stdin tells how to reach the engine and which label the
// helper has, and ends when the one that starts the helper has died: then the helper is removed.
import { spawn } from 'node:child_process';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';

/** The engine may still be creating it. */
const TRY_FOR_MS = 10_000;
const PAUSE_MS = 200;
const ANSWER_MS = 5_000;
/** One helper is listed, in some kilobytes; in bytes. */
const LONGEST_ANSWER = 1024 * 1024;

/** Over ssh each request has a connection of its own: there are few. */
function connectBy(args) {
  const child = spawn('ssh', args, { stdio: ['pipe', 'pipe', 'ignore'] });
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  const socket = Duplex.from({ readable: child.stdout, writable: child.stdin });
  socket.on('error', () => {}).on('close', () => child.kill());
  return Object.assign(socket, {
    setTimeout: () => socket,
    setNoDelay: () => socket,
    setKeepAlive: () => socket,
    ref: () => socket,
    unref: () => socket,
  });
}

async function readSome(answer) {
  let whole = '';
  // Leaving the loop ends the connection.
  for await (const chunk of answer.setEncoding('utf8')) {
    whole += chunk;
    if (whole.length > LONGEST_ANSWER) throw new Error('too long');
  }
  return whole;
}

function ask({ route, headers, tls, ssh }, method, path) {
  return new Promise((resolve, reject) => {
    const send = route.protocol === 'https' ? httpsRequest : httpRequest;
    const request = send({
      ...(route.socketPath === undefined ? { host: route.host, port: route.port } : { socketPath: route.socketPath }),
      ...tls,
      ...(ssh === undefined ? {} : { createConnection: () => connectBy(ssh) }),
      agent: false,
      headers,
      method,
      path,
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    request.on('response', (answer) => readSome(answer).then(resolve, reject)).on('error', reject);
    request.end();
  });
}

process
  .on('SIGHUP', () => {})
  .on('SIGINT', () => {})
  .on('SIGTERM', () => {});
const order = JSON.parse(await text(process.stdin));
const filters = encodeURIComponent(JSON.stringify({ label: [order.label] }));
const deadline = Date.now() + TRY_FOR_MS;
while (Date.now() < deadline) {
  try {
    for (const { Id } of JSON.parse(await ask(order, 'GET', `/containers/json?all=1&filters=${filters}`))) {
      if (/^[0-9a-f]{64}$/.test(Id)) await ask(order, 'DELETE', `/containers/${Id}?force=1&v=1`);
    }
  } catch {
    // An engine that does not answer now is asked again.
  }
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
}
