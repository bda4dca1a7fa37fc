import { expect, it } from 'vitest';
import { onlyInWords } from './nat.ts';

it('leaves out what older versions said in words beside the fields, and nothing else', () => {
  const older = [
    'arrives by eth0',
    'leaves by any link but docker0',
    'from 10.0.0.0/8',
    'from any but fd00::/8, fe80::1',
    'for an address that is not of this machine',
  ];
  expect(onlyInWords({ also: older, leaves: null })).toEqual([]);
  const asked = ['from a socket here', 'from port 53', 'not from a socket here', 'sent by uid 0'];
  expect(onlyInWords({ also: asked, leaves: null })).toEqual(asked);
});
