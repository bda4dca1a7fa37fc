import { expect, it } from 'vitest';
import { publishedLabels } from './port-labels.ts';

const port = (hostPort: number | null, containerPort: number, protocol = 'tcp', hostIp: string | null = '0.0.0.0') => ({
  containerPort,
  protocol,
  hostIp,
  hostPort,
});

it('tells protocols and addresses apart', () => {
  expect(
    publishedLabels([port(5353, 53), port(5353, 53, 'udp'), port(8053, 80, 'tcp', '127.0.0.1'), port(null, 9000)]),
  ).toEqual(['5353/tcp, 5353/udp → 53', '127.0.0.1:8053 → 80']);
});

it('folds ranges, and says nothing twice', () => {
  const turn = Array.from({ length: 41 }, (_, index) => 49_160 + index).flatMap((each) => [
    port(each, each, 'udp'),
    port(each, each, 'udp', '::'),
  ]);
  expect(publishedLabels(turn)).toEqual(['49160-49200/udp']);
  expect(publishedLabels([port(8000, 80), port(8001, 81), port(8002, 90)])).toEqual(['8000-8001 → 80-81', '8002 → 90']);
  expect(publishedLabels([port(8080, 80), port(8080, 80, 'tcp', '::'), port(8080, 80)])).toEqual(['8080 → 80']);
});

it('does not leave out IPv6', () => {
  expect(publishedLabels([port(8081, 80, 'tcp', '::1')])).toEqual(['[::1]:8081 → 80']);
  expect(publishedLabels([port(8082, 80, 'tcp', '::')])).toEqual(['[::]:8082 → 80']);
});
