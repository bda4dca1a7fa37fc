import type { Handlers } from '#api/contract.ts';

/** Handlers that are being loaded; every call waits for them, and fails as they fail. */
export function createLazyHandlers(loading: Promise<Handlers>, onFault: (error: unknown) => void): Handlers {
  const later =
    <P, E>(start: (handlers: Handlers) => (params: P, emit: (event: E) => void) => () => void) =>
    (params: P, emit: (event: E) => void): (() => void) => {
      let wanted = true;
      let stop = (): void => {};
      loading
        .then((handlers) => {
          if (wanted) stop = start(handlers)(params, emit);
        })
        .catch(onFault);
      return () => {
        wanted = false;
        stop();
      };
    };
  return {
    request: {
      'app.info': async (params) => (await loading).request['app.info'](params),
      'app.about': async (params) => (await loading).request['app.about'](params),
      'app.licences': async (params) => (await loading).request['app.licences'](params),
      'app.diagnostics': async (params) => (await loading).request['app.diagnostics'](params),
      'endpoints.list': async (params) => (await loading).request['endpoints.list'](params),
      'session.allow-privileged': async (params) => (await loading).request['session.allow-privileged'](params),
      'session.helper': async (params) => (await loading).request['session.helper'](params),
      'settings.get': async (params) => (await loading).request['settings.get'](params),
      'settings.change': async (params) => (await loading).request['settings.change'](params),
      'snapshot.take': async (params) => (await loading).request['snapshot.take'](params),
      'export.png': async (params) => (await loading).request['export.png'](params),
      'export.pdf': async (params) => (await loading).request['export.pdf'](params),
      'terminal.input': async (params) => (await loading).request['terminal.input'](params),
      detail: async (params) => (await loading).request.detail(params),
      'reach.try': async (params) => (await loading).request['reach.try'](params),
      'usage.sample': async (params) => (await loading).request['usage.sample'](params),
      'container.act': async (params) => (await loading).request['container.act'](params),
      'container.environment': async (params) => (await loading).request['container.environment'](params),
      'process.signal': async (params) => (await loading).request['process.signal'](params),
      'terminal.resize': async (params) => (await loading).request['terminal.resize'](params),
      'terminal.acknowledge': async (params) => (await loading).request['terminal.acknowledge'](params),
    },
    subscribe: {
      session: later((handlers) => handlers.subscribe.session),
      'host.commands': later((handlers) => handlers.subscribe['host.commands']),
      settings: later((handlers) => handlers.subscribe.settings),
      terminal: later((handlers) => handlers.subscribe.terminal),
      wiring: later((handlers) => handlers.subscribe.wiring),
    },
  };
}
