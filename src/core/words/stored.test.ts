import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { hostKind } from '../snapshot/host-kind.ts';
import type { Engine } from '../snapshot/snapshot.ts';
import { setLanguage } from './language.ts';
import { stored } from './stored.ts';

afterEach(() => setLanguage('en'));

const HAN = /\p{Script=Han}/u;

it('says what a snapshot tells in the language of now, and leaves others’ words as they are', () => {
  const text = '3 of 40 namespaces, processes and cgroups could not be looked into.';
  expect(stored(text)).toBe(text);
  setLanguage('zh-CN');
  expect(stored(text)).toBe('40 个命名空间、进程和 cgroup 中有 3 个无法查看内容。');
  expect(stored("The engine calls itself {name} #'; the kernel is <b>.")).toContain("{name} #'");
  expect(stored('nobody said this')).toBe('nobody said this');
});

it('does not search what is longer than anything of ours: a file may hold texts made to be searched for ever', () => {
  setLanguage('zh-CN');
  const kernel = (length: number) => `The engine calls itself x; the kernel is ${'k'.repeat(length)}.`;
  expect(stored(kernel(100))).toMatch(HAN);
  expect(stored(kernel(10_000))).toBe(kernel(10_000));
});

/** Where nobody but a developer reads it. */
const FOR_DEVELOPERS = /^The probe is for amd64 and arm64|^Known are: /;

it('knows each sentence of the probe', () => {
  setLanguage('zh-CN');
  const sources = readdirSync('native/probe/src').filter((name) => name.endsWith('.c'));
  // A text of C is a literal, or several one after the other.
  const LITERALS = /"(?:[^"\\\n]|\\.)*"(?:\s*"(?:[^"\\\n]|\\.)*")*/g;
  const sentences = sources.flatMap((name) =>
    [...readFileSync(`native/probe/src/${name}`, 'utf8').matchAll(LITERALS)]
      .map(([literals]) => literals.replace(/"\s*"/g, '').slice(1, -1))
      .filter((text) => /^[A-Z%/].* [a-z]+ [a-z].*\.$/.test(text) && !FOR_DEVELOPERS.test(text)),
  );
  expect(sentences.length).toBeGreaterThan(30);
  const unknown = sentences.map((text) => text.replace(/%[su]/g, '7')).filter((text) => !HAN.test(stored(text)));
  expect(unknown).toEqual([]);
});

it('knows everything that a machine may be taken for, and why', () => {
  const facts = { engine: null, kernel: '6.1', nested: false, here: null, vendor: null, product: null };
  const engine = (kind: string, rootless = false) => ({ kind, rootless }) as Engine;
  const kinds = [
    hostKind(facts),
    hostKind({ ...facts, engine: engine('docker', true) }),
    hostKind({ ...facts, kernel: '5.15-microsoft-standard-WSL2' }),
    hostKind({ ...facts, engine: engine('orbstack') }),
    hostKind({ ...facts, engine: engine('docker-desktop') }),
    hostKind({ ...facts, engine: engine('docker-desktop'), nested: true }),
    hostKind({ ...facts, here: true }),
    hostKind({ ...facts, here: false }),
    hostKind({ ...facts, vendor: 'QEMU' }),
    hostKind({ ...facts, vendor: 'Hetzner', kernel: '6.2' }),
    hostKind({ ...facts, nested: true }),
  ];
  expect(new Set(kinds.map(({ because }) => because)).size).toBe(11);
  setLanguage('zh-CN');
  expect(kinds.flatMap(({ what, because }) => [what, because]).filter((text) => stored(text) === text)).toEqual([]);
});
