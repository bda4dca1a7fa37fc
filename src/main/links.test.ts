import { expect, it } from 'vitest';
import { hostCommandSchema } from '#api/contract.ts';
import { containerOfLink, linkOf } from './links.ts';

it('finds the link among the words of a command line', () => {
  expect(linkOf(['--flag', 'bulkhead://container/web1', 'x'])).toBe('bulkhead://container/web1');
  expect(linkOf(['a.bulkhead', '--bulkhead:'])).toBeNull();
  expect(linkOf([])).toBeNull();
});

it.each([
  ['bulkhead://container/web1', 'web1'],
  ['bulkhead://container/shop-api-1/', 'shop-api-1'],
  [`bulkhead://container/${'a'.repeat(64)}`, 'a'.repeat(64)],
])('%s names a container', (link, name) => {
  expect(containerOfLink(link)).toBe(name);
  expect(hostCommandSchema.safeParse({ command: 'find', container: name }).success).toBe(true);
});

it.each([
  'bulkhead://container/',
  'bulkhead://container/-x',
  'bulkhead://container/a/b',
  'bulkhead://container/../x',
  'bulkhead://container/a%20b',
  'bulkhead://container/a?do=restart',
  'bulkhead://container/a#b',
  'bulkhead://container/a\n',
  'bulkhead://shell/web1',
  'bulkhead:container/web1',
  `bulkhead://container/${'a'.repeat(256)}`,
  'https://container/web1',
])('%j is none of ours', (link) => {
  expect(containerOfLink(link)).toBeNull();
});
