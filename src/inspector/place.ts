import { t } from '#core/words/words.ts';
import { connect } from './endpoint/connect.ts';
import { resolveEndpoint } from './endpoint/discover.ts';
import { realSystem } from './endpoint/system.ts';
import type { Connection } from './engine/connection.ts';
import { EngineClient } from './engine/engine.ts';
import { failure } from './failure.ts';
import type { Place } from './probe/launch.ts';

/** A connection of its own to the endpoint's engine; null for this machine without one. */
export async function connectEngine(id: string): Promise<Connection | null> {
  if (id === 'demo') {
    throw failure('endpoint', () => t('This is a recording: nothing can be done to it. Choose an engine.'));
  }
  if (id === 'local') return null;
  const endpoint = await resolveEndpoint(realSystem(), id);
  if (!endpoint.ok) throw failure('endpoint', () => endpoint.reason);
  return connect(endpoint.endpoint);
}

/** Does one thing with the endpoint's engine; null for this machine without one. */
export async function withEngine<T>(id: string, use: (where: Place) => Promise<T>): Promise<T> {
  const connection = await connectEngine(id);
  if (connection === null) return use(null);
  try {
    const client = new EngineClient(connection);
    return await use({ client, engine: await client.describe() });
  } finally {
    connection.close();
  }
}
