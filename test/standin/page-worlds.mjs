// Source text for the two worlds of a page. Both functions are sent as text: they may use nothing from outside.

/** One half of the context bridge: values cross as JSON, functions as ids, files as they are, calls as synchronous events. */
export function bridgeHalf(own, other) {
  const functions = [];
  /** Those of the call that is on its way. */
  let files = [];
  const encode = (value) => {
    if (value instanceof File) return { file: files.push(value) - 1 };
    if (typeof value === 'function') return { f: functions.push(value) - 1, side: own };
    if (Array.isArray(value)) return { a: value.map(encode) };
    if (value !== null && typeof value === 'object') {
      return { o: Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, encode(entry)])) };
    }
    return value === undefined ? {} : { v: value };
  };
  const decode = (coded) => {
    if ('file' in coded) return files[coded.file];
    if ('f' in coded) return coded.side === own ? functions[coded.f] : (...args) => call(coded.f, args);
    if ('a' in coded) return Object.freeze(coded.a.map(decode));
    if ('o' in coded) {
      return Object.freeze(Object.fromEntries(Object.entries(coded.o).map(([key, entry]) => [key, decode(entry)])));
    }
    return coded.v;
  };
  const say = (name, detail) => {
    const text = JSON.stringify(detail);
    globalThis.dispatchEvent(new CustomEvent(name, { detail: { text, files } }));
    files = [];
  };
  const call = (id, args) => {
    let answer = {};
    const listen = (event) => {
      answer = JSON.parse(event.detail.text);
    };
    addEventListener(`standin-reply-${own}`, listen);
    say(`standin-call-${other}`, { id, args: args.map(encode) });
    removeEventListener(`standin-reply-${own}`, listen);
    if (answer.error !== undefined) throw new Error(answer.error);
    return decode(answer.result);
  };
  addEventListener(`standin-call-${own}`, (event) => {
    const { id, args } = JSON.parse(event.detail.text);
    ({ files } = event.detail);
    let reply;
    try {
      const values = args.map(decode);
      files = [];
      reply = { result: encode(functions[id](...values)) };
    } catch (error) {
      reply = { error: String(error.message) };
    }
    say(`standin-reply-${other}`, reply);
  });
  return {
    expose: (name, api) => say('standin-expose', { name, api: encode(api) }),
    onExpose: () =>
      addEventListener('standin-expose', (event) => {
        const { name, api } = JSON.parse(event.detail.text);
        Object.defineProperty(globalThis, name, { value: decode(api), enumerable: true });
      }),
  };
}

/** The script of the preload's world: a `require` that knows what a sandboxed preload may have, then the preload. */
export function preloadScript(source) {
  return `(() => {
    const bridge = (${bridgeHalf})('preload', 'page');
    const listeners = new Map();
    globalThis.__standinDeliver = (channel, args) => {
      for (const listener of [...(listeners.get(channel) ?? [])]) listener({}, ...args);
    };
    const electron = {
      // Chromium tells no script where a file is: one that was chosen is as if it were here.
      webUtils: { getPathForFile: (file) => '/chosen/' + file.name },
      contextBridge: { exposeInMainWorld: (name, api) => bridge.expose(name, api) },
      ipcRenderer: {
        send: (channel, ...args) => globalThis.__standinSend(JSON.stringify([channel, args])),
        on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
        off: (channel, listener) =>
          listeners.set(channel, (listeners.get(channel) ?? []).filter((entry) => entry !== listener)),
      },
    };
    const require = (name) => {
      if (name === 'electron') return electron;
      throw new Error('module not found: ' + name);
    };
    const module = { exports: {} };
    ((require, module, exports) => {\n${source}\n})(require, module, module.exports);
  })();`;
}

/** The script of the page's own world. */
export function pageScript() {
  return `(${bridgeHalf})('page', 'preload').onExpose();`;
}
