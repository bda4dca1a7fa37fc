import type { Duplex } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import type { Connection } from '../../src/inspector/engine/connection.ts';
import { EngineClient } from '../../src/inspector/engine/engine.ts';
import { connectEngine } from '../../src/inspector/place.ts';
import { STUB_CONTAINER, type StubEngine, startStubEngine } from '../support/stub-engine.ts';

let stub: StubEngine | null = null;
let connection: Connection | null = null;

afterEach(async () => {
  connection?.close();
  await stub?.stop();
});

/** The stub's container, in two networks, and what the engine answers when it is asked for its networks. */
async function engineWith(networks: () => string): Promise<{ client: EngineClient; asked: () => number }> {
  const attached = { web: { NetworkID: 'one', IPAddress: '172.18.0.2' }, gone: { NetworkID: 'two' } };
  const container = { Id: STUB_CONTAINER, Name: '/web', HostConfig: {}, NetworkSettings: { Networks: attached } };
  const answer = (to: Duplex, status: string, body: string) =>
    to.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  stub = await startStubEngine({
    own(route, to) {
      if (route.endsWith(`/containers/${STUB_CONTAINER}/json`)) answer(to, '200 OK', JSON.stringify(container));
      else if (route.endsWith('/networks')) answer(to, ...(networks().split('\n') as [string, string]));
      else return false;
      return true;
    },
  });
  connection = await connectEngine(stub.host);
  if (connection === null) throw new Error('no connection');
  const { requests } = stub;
  return {
    client: new EngineClient(connection),
    asked: () => requests.filter((route) => route.endsWith('/networks')).length,
  };
}

test('a container says of its networks what the engine tells of them, which is asked once', async () => {
  const list = [{ Id: 'one', Name: 'web', Internal: true, IPAM: { Config: [{ Subnet: '172.18.0.0/16' }] } }];
  const { client, asked } = await engineWith(() => `200 OK\n${JSON.stringify(list)}`);
  const { containers } = await client.containers();
  expect(containers[0]?.networks).toMatchObject([
    { name: 'web', subnets: ['172.18.0.0/16'], internal: true },
    { name: 'gone' },
  ]);
  expect(containers[0]?.networks[1]).not.toHaveProperty('internal');
  await client.container(STUB_CONTAINER);
  await client.containers();
  expect(asked()).toBe(1);
});

test('where the engine, or a proxy before it, refuses that, it stays unknown and costs no container', async () => {
  const { client } = await engineWith(() => '403 Forbidden\n{"message":"no"}');
  const { containers, unreadable } = await client.containers();
  expect(unreadable).toBe(0);
  expect(containers[0]?.networks[0]).toEqual({ name: 'web', id: 'one', ip: '172.18.0.2', mac: null });
});
