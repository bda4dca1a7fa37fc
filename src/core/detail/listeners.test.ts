import { expect, it } from 'vitest';
import { parseInet, parseUnix, socketsOf, unixReply, withHolders } from './listeners.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

it('reads listening sockets of both families, and counts the others', () => {
  const tcp = parseInet(
    'tcp',
    `${HEAD}   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 777 1 0 100 0 0 10 0\n   1: 0100007F:1F40 0100007F:9C40 01 00000000:00000000 00:00000000 00000000     0        0 778 1 0\n broken\n`,
  );
  expect(tcp.listening).toEqual([
    { protocol: 'tcp', address: '127.0.0.1', port: 8000, uid: 1000, inode: 777, pids: [], outside: false },
  ]);
  expect(tcp.connected).toBe(1);
  const address = (hex: string) =>
    parseInet('tcp6', `${HEAD} 0: ${hex}:0050 0:0 0A 0:0 0:0 0 0 0 5 `).listening[0]?.address;
  expect(address('00000000000000000000000000000000')).toBe('::');
  expect(address('00000000000000000000000001000000')).toBe('::1');
  expect(address('0000000000000000FFFF00000100007F')).toBe('::ffff:127.0.0.1');
  expect(address('B80D0120000000000000000001000000')).toBe('2001:db8::1');
});

it('reads unix sockets with any path, and leaves out what does not listen', () => {
  const unix = parseUnix(
    [
      'Num       RefCount Protocol Flags    Type St Inode Path',
      '0000000000000000: 00000002 00000000 00010000 0001 01   901 /run/a b.sock',
      '0000000000000000: 00000002 00000000 00010000 0001 01   902 @abstract',
      '0000000000000000: 00000003 00000000 00000000 0001 03   903',
      '',
    ].join('\n'),
  );
  expect(unix.listening.map(({ address, inode }) => [address, inode])).toEqual([
    ['/run/a b.sock', 901],
    ['@abstract', 902],
  ]);
  expect(unix.connected).toBe(1);
});

it('tells unix sockets by the kernel’s records: a name with a line end in it makes up no other', () => {
  const forged = '/run/a\n0000000000000000: 00000002 00000000 00010000 0001 01   999 /run/docker.sock';
  const records = unixReply.parse([
    [901, true, forged],
    [902, false, null],
    [903, true, '@abstract'],
  ]);
  const { listening, connected } = socketsOf({ 'net/unix': 'ignored' }, records);
  expect(listening.map(({ address, inode }) => [address, inode])).toEqual([
    [forged, 901],
    ['@abstract', 903],
  ]);
  expect(connected).toBe(1);
});

it('reads SCTP endpoints, one for each address, and raw sockets', () => {
  const sctp = [
    ' ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS',
    'ffff8880 ffff8881 2   10  29   3868     0 4711 10.0.0.1 10.0.0.2',
    'ffff8882 ffff8883 0   7   30   3869     0 4712 0.0.0.0',
  ].join('\n');
  const raw = `${HEAD}   1: 00000000:0001 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 42 2 0 0`;
  const { listening, connected } = socketsOf({ 'net/sctp/eps': sctp, 'net/raw': raw }, []);
  expect(listening.map(({ protocol, address, port, inode }) => [protocol, address, port, inode])).toEqual([
    ['raw', '0.0.0.0', 1, 42],
    ['sctp', '10.0.0.1', 3868, 4711],
    ['sctp', '10.0.0.2', 3868, 4711],
  ]);
  expect(connected).toBe(1);
});

it('puts the holders to their sockets, each once, and tells those that are all outside', () => {
  const { listening } = parseInet('udp', `${HEAD} 0: 00000000:0035 00000000:0000 07 0:0 0:0 0 0 0 42 2 0 0`);
  const held = (inside: (pid: number) => boolean) =>
    withHolders(
      listening,
      [
        [42, 9],
        [42, 7],
        [42, 9],
        [1, 1],
      ],
      inside,
    )[0];
  expect(held((pid) => pid === 9)).toMatchObject({ pids: [7, 9], outside: false });
  expect(held(() => false)).toMatchObject({ pids: [7, 9], outside: true });
  expect(withHolders(listening, [], () => false)[0]).toMatchObject({ pids: [], outside: false });
});
