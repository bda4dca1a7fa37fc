// @vitest-environment jsdom
import { parse } from 'csv-parse/sync';
import cytoscape from 'cytoscape';
import { describe, expect, test } from 'vitest';
import { madeFleet } from '../../../test/support/made-fleet.ts';
import { secretSnapshot } from '../../../test/support/secret.ts';
import { analyseSharing } from '../sharing/analyse.ts';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import { decodeSnapshot, encodeSnapshot } from '../snapshot/decode.ts';
import { DATA_FORMATS } from './data-formats.ts';
import { maskSnapshot } from './mask.ts';

const IDS = Object.keys(DATA_FORMATS) as (keyof typeof DATA_FORMATS)[];
const HOSTILE = [
  '=cmd|"/c calc"!A1',
  '</data></node><script>alert(1)</script>',
  '"a","b"\r\nc',
  '| [x](javascript:alert(1)) <img src=x>\n# head',
  '\u202e\u0000\ud800\u00ad',
  '@SUM(1)',
  '',
];
const hostile = snapshotOf({
  containers: HOSTILE.flatMap((name, index) => [
    {
      name: `${name}${index}`,
      container: {
        image: name,
        ports: [{ containerPort: 80, protocol: 'tcp', hostIp: '127.0.0.1', hostPort: 8000 + index }],
        mounts: [
          {
            type: 'bind',
            name: null,
            source: name,
            destination: `/${name}`,
            readOnly: false,
            device: null,
            propagation: '',
          },
        ],
      },
      process: { argv: [name], comm: name },
    },
    { name: `joined ${index}`, namespaces: { net: `${name}${index}` } },
  ]),
});
const large = snapshotOf({
  containers: Array.from({ length: 2_000 }, (_, index) => ({
    name: `c${index}`,
    namespaces: index % 10 === 0 ? {} : { net: `c${index - (index % 10)}` },
  })),
});

const records = (text: string): Record<string, string>[] => parse(text, { columns: true });

describe.each([
  ['small', madeFleet(40)],
  ['hostile', hostile],
  ['large', large],
] as const)('a %s snapshot', (_name, snapshot) => {
  test.each(IDS)('%s: the same bytes for the same input', (id) => {
    const text = DATA_FORMATS[id](snapshot);
    const decoded = decodeSnapshot(encodeSnapshot(snapshot));
    if (!decoded.ok) throw new Error(decoded.message);
    expect(DATA_FORMATS[id](decoded.snapshot)).toBe(text);
  });

  test('GraphML is XML, and every edge joins two nodes', () => {
    const document = new DOMParser().parseFromString(DATA_FORMATS.graphml(snapshot), 'application/xml');
    expect(document.querySelector('parsererror')).toBeNull();
    expect(document.querySelectorAll('script')).toHaveLength(0);
    const ids = new Set([...document.querySelectorAll('node')].map((node) => node.getAttribute('id')));
    expect(ids.size).toBe(document.querySelectorAll('node').length);
    const edges = [...document.querySelectorAll('edge')];
    expect(edges.length).toBeGreaterThan(0);
    for (const edge of edges) {
      expect(ids.has(edge.getAttribute('source'))).toBe(true);
      expect(ids.has(edge.getAttribute('target'))).toBe(true);
    }
  });

  test('cytoscape takes the graph', () => {
    const { elements } = JSON.parse(DATA_FORMATS.cytoscape(snapshot)) as {
      elements: { nodes: cytoscape.NodeDefinition[]; edges: cytoscape.EdgeDefinition[] };
    };
    const graph = cytoscape({ headless: true, elements });
    expect(graph.nodes('[type = "container"]').length).toBeGreaterThanOrEqual(snapshot.containers.length);
    expect(graph.edges().length).toBe(elements.edges.length);
    expect(graph.edges('[kind = "net"]').length).toBeGreaterThan(0);
  });

  test('a CSV reader finds every record, and no cell begins a formula', () => {
    expect(records(DATA_FORMATS['csv-containers'](snapshot))).toHaveLength(snapshot.containers.length);
    expect(records(DATA_FORMATS['csv-namespaces'](snapshot))).toHaveLength(snapshot.namespaces.length);
    const processes = records(DATA_FORMATS['csv-processes'](snapshot));
    expect(processes.map(({ pid }) => Number(pid))).toEqual(snapshot.processes.map(({ pid }) => pid));
    const ports = snapshot.containers.flatMap((container) => container.ports);
    expect(records(DATA_FORMATS['csv-ports'](snapshot))).toHaveLength(ports.length);
    const mounts = snapshot.containers.flatMap((container) => container.mounts);
    expect(records(DATA_FORMATS['csv-mounts'](snapshot))).toHaveLength(mounts.length);
    for (const id of IDS.filter((each) => each.startsWith('csv-'))) {
      for (const row of records(DATA_FORMATS[id](snapshot))) {
        for (const text of Object.values(row)) expect(text).not.toMatch(/^[=+@]|^-\D/);
      }
    }
  });
});

test('a spreadsheet takes no name for a formula, in whatever width and behind whatever space', () => {
  const names = ['=1+1', '+1', '-1', '@a', ' =1', '\u3000=1', '＝1', '＋1', '－1', '＠a', 'a=1'];
  const snapshot = snapshotOf({ containers: names.map((name) => ({ name })) });
  const cells = records(DATA_FORMATS['csv-containers'](snapshot)).map(({ name }) => name);
  expect(new Set(cells)).toEqual(new Set(names.map((name) => (name === 'a=1' ? name : `'${name}`))));
});

test('the report tells why, and holds no markup of others', () => {
  const text = DATA_FORMATS.markdown(
    snapshotOf({
      containers: [
        { name: 'web1' },
        {
          name: 'web2',
          namespaces: { net: 'web1' },
          container: {
            modes: { net: `container:${idOf('web1')}`, ipc: '', pid: '', uts: '', user: '', cgroup: '' },
          },
        },
      ],
    }),
  );
  expect(text).toContain('web1');
  expect(text).toContain('network=container:web1');
  const odd = DATA_FORMATS.markdown(hostile);
  expect(odd).not.toMatch(/<script|<img|(?<!\\)\]\(javascript|^# head/m);
});

describe('masked', () => {
  const snapshot = secretSnapshot();

  test('the same text is the same pseudonym, always, and who shares what stays', () => {
    const masked = maskSnapshot(snapshot);
    expect(maskSnapshot(snapshot)).toEqual(masked);
    const [first] = masked.containers;
    expect(first?.modes.net).toBe(first?.networks[0]?.name);
    expect(first?.securityOptions[1]).toBe('apparmor=unconfined');
    expect(analyseSharing(masked).byNamespace.size).toBe(analyseSharing(snapshot).byNamespace.size);
    expect(masked.namespaces).toEqual(snapshot.namespaces);
  });

  test('a masked hostile snapshot is a snapshot', () => {
    const masked = maskSnapshot(hostile);
    expect(decodeSnapshot(encodeSnapshot(masked))).toEqual({ ok: true, snapshot: masked });
  });
});
