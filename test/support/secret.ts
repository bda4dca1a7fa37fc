import { snapshotOf } from '../../src/core/snapshot/build.testing.ts';
import { collected, link, listener, mount, netDetail } from '../../src/core/snapshot/details.testing.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';

const secret = (what: string) => `secret-${what}`;

/** Finds anything that `secretSnapshot` has and that a masked file must not. */
export const SECRET = /secret|203\.0\.113|02:42:cb|2001:db8/;

/** A snapshot with details in which every text that people chose is a secret; `more` is in the names of some. */
export function secretSnapshot(more = ''): Snapshot {
  const made = snapshotOf({
    containers: [
      {
        name: secret('name'),
        container: {
          image: `${secret('registry')}/${secret(`image${more}`)}:1`,
          imageId: secret('image-id'),
          command: [secret('command')],
          hostname: secret('hostname'),
          labels: { [secret('label')]: secret('value'), 'com.docker.compose.project': secret('project') },
          ports: [{ containerPort: 80, protocol: 'tcp', hostIp: '203.0.113.77', hostPort: 8080 }],
          networks: [
            { name: secret('network'), id: secret('network-id'), ip: '203.0.113.78', mac: '02:42:cb:00:71:4e' },
          ],
          mounts: [
            {
              ...{ type: 'volume', name: secret('volume'), source: `/${secret('source')}` },
              ...{ destination: `/${secret('destination')}`, readOnly: false },
              ...{ device: `/${secret('device')}`, propagation: '' },
            },
          ],
          modes: { net: secret('network'), ipc: `ns:/${secret('ns')}`, pid: '', uts: '', user: '', cgroup: '' },
          securityOptions: [`seccomp=/${secret('profile')}`, 'apparmor=unconfined'],
        },
        process: {
          comm: secret('comm'),
          argv: [secret('argument')],
          cgroup: `/${secret('cgroup')}`,
          root: `/${secret('root')}`,
        },
      },
      { name: `secret-other${more}`, namespaces: { net: secret('name') } },
      {
        name: 'secret-stray',
        container: { modes: { net: 'container:secret-name', ipc: '', pid: '', uts: '', user: '', cgroup: '' } },
      },
    ],
  });
  const net = made.namespaces.find(({ kind, initial }) => kind === 'net' && !initial)?.id ?? '';
  const mnt = made.namespaces.find(({ kind, initial }) => kind === 'mnt' && !initial)?.id ?? '';
  return {
    ...made,
    host: { ...made.host, hostname: secret('machine'), because: secret('because') },
    details: collected({
      [net]: netDetail({
        links: [
          link(secret('link'), {
            mac: '02:42:cb:00:71:4e',
            master: { index: 3, name: secret('bridge') },
            peer: { index: 7, name: secret('peer'), namespace: net },
            addresses: [{ address: '2001:db8::78', prefix: 64, scope: 'global' }],
          }),
        ],
        listening: [listener('/secret-socket', 1, { protocol: 'unix', port: null })],
        notes: [secret('note')],
      }),
      [mnt]: { kind: 'mnt', mounts: [mount('/secret-point', { source: '/secret-source' })], peers: {} },
    }),
  };
}
