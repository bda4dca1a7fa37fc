import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { zhCn } from '../../src/core/words/zh-cn/zh-cn.ts';

const english = readFileSync('README.md', 'utf8');
const chinese = readFileSync('README.zh-CN.md', 'utf8');

const levels = (text: string): string[] => [...text.matchAll(/^(#+) /gm)].map(([, hashes = '']) => hashes);

/** Code blocks are indented there. */
const blocks = (text: string): string[] => [...text.matchAll(/(?<=\n\n)(?: {4}.*\n)+/g)].map(([block]) => block);

const pictures = (text: string): string[] =>
  [...text.matchAll(/!\[[^\]]*\]\(([^)]+)\)|src(?:set)?="([^"]+)"/g)].map(([, path, source]) => path ?? source ?? '');

/** Rows and columns of each table. */
const tables = (text: string): string[] =>
  [...text.matchAll(/(?:^\|.*\|\n)+/gm)].map(([table]) =>
    table
      .trim()
      .split('\n')
      .map((row) => row.split('|').length)
      .join(' '),
  );

const links = (text: string): string[] =>
  [...text.matchAll(/(?<!!)\[[^\]]*\]\(([^)]+)\)/g)].map(([, to = '']) => to).filter((to) => !/^README/.test(to));

it('the two READMEs have the same headings, code, pictures, tables and links', () => {
  for (const part of [levels, blocks, pictures, tables]) expect(part(english).length).toBeGreaterThan(1);
  for (const part of [levels, blocks, tables]) expect(part(chinese)).toEqual(part(english));
  // Each has its pictures in its own language.
  expect(pictures(chinese)).toEqual(pictures(english).map((path) => path.replace('images/', 'images/zh-CN/')));
  for (const path of [...pictures(english), ...pictures(chinese)]) expect(existsSync(path), path).toBe(true);
  expect(links(chinese).sort()).toEqual(links(english).sort());
});

it('each names the other before its first heading of a part', () => {
  const top = (text: string): string => text.slice(0, text.indexOf('\n## '));
  expect(top(english)).toContain('[简体中文](README.zh-CN.md)');
  expect(top(chinese)).toContain('[English](README.md)');
});

it('the same commands, options and names stand in both', () => {
  const code = (text: string): string[] =>
    [...text.matchAll(/`([^`]+)`/g)].map(([, inner = '']) => inner.replace(/\s+/g, ' ')).sort();
  expect(code(chinese)).toEqual(code(english));
});

it('what is bold ends where Markdown sees it, and no Chinese line is broken within a paragraph', () => {
  // A closing ** behind a mark of punctuation and before a letter closes nothing.
  expect(chinese).not.toMatch(/[。？！，：]\*\*(?=\p{Script=Han})/u);
  expect(chinese).not.toMatch(/\p{Script=Han}[，。；：]?\n\p{Script=Han}/u);
});

it('the Chinese names buttons, menus and views as the page does', () => {
  const said = (text: string): string[] =>
    [...text.matchAll(/(?<!\*)\*([^*\n]+)\*(?!\*)/g)].flatMap(([, words = '']) => words.split(' › '));
  const catalogue: Readonly<Record<string, string>> = zhCn;
  const names = said(english).filter((name) => catalogue[name] !== undefined);
  expect(names).toEqual(expect.arrayContaining(['Isolation', 'Findings', 'Processes']));
  expect(names.filter((name) => !said(chinese).includes(catalogue[name] ?? ''))).toEqual([]);
});
