import { READING } from '#api/helper.ts';
import { connect } from '../endpoint/connect.ts';
import { resolveEndpoint } from '../endpoint/discover.ts';
import { realSystem } from '../endpoint/system.ts';
import type { Connection } from '../engine/connection.ts';
import { EngineClient } from '../engine/engine.ts';
import { failure } from '../failure.ts';
import { LINE_LIFE, launchProbe } from '../probe/launch.ts';
import { removeLeftovers } from '../probe/owner.ts';
import type { SessionEngine, Target } from './session.ts';

const watching = { purpose: 'probe', rights: READING, life: LINE_LIFE } as const;

/** An engine for a session: the client with its connection, and the probe in a helper of it. */
function sessionEngine(connection: Connection): SessionEngine {
  const client = new EngineClient(connection);
  return {
    describe: () => client.describe(),
    get withheld() {
      return client.withheld;
    },
    ping: () => client.ping(),
    events: (onEvent, onEnd, signal) => client.events(onEvent, onEnd, signal),
    removeLeftovers: () => removeLeftovers(client),
    containers: () => client.containers(),
    container: (container) => client.container(container),
    launch: (engine, args, privileged, listener) =>
      launchProbe({ client, engine }, { ...watching, args: () => args, privileged }, listener),
    close: () => connection.close(),
  };
}

/**
 * What a session watches: this machine, or an engine with the probe in a helper of it.
 * @throws an Error for people where there is no such endpoint
 */
export async function targetOf(id: string): Promise<Target> {
  if (id === 'local') {
    return {
      type: 'local',
      launch: (args, listener) => launchProbe(null, { ...watching, args: () => args, privileged: false }, listener),
    };
  }
  const endpoint = await resolveEndpoint(realSystem(), id);
  if (!endpoint.ok) throw failure('endpoint', () => endpoint.reason);
  return { type: 'engine', connect: async () => sessionEngine(await connect(endpoint.endpoint)) };
}
