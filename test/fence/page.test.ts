import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

/** What the page's code must not do and no import tells. */

const ROOT = fileURLToPath(new URL('../../src/renderer', import.meta.url));

function sources(folder = ROOT): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** Hooks in a text that return elements: whoever wants those takes a component. */
function hooksWithElements(text: string): string[] {
  const file = ts.createSourceFile('x.tsx', text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const isElement = (node: ts.Node): boolean => {
    if (ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node)) return true;
    return ts.forEachChild(node, (child) => isElement(child) || undefined) === true;
  };
  const look = (node: ts.Node): void => {
    const name =
      ts.isFunctionDeclaration(node) || (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name))
        ? (node.name?.getText(file) ?? '')
        : '';
    if (/^use[A-Z]/.test(name) && isElement(node)) found.push(name);
    ts.forEachChild(node, look);
  };
  look(file);
  return found;
}

/** Keys that nobody pressed. */
const SYNTHETIC = /new (Keyboard|Mouse|Pointer)Event\(|\.dispatchEvent\(/;

describe('the page', () => {
  const files = sources().map((path) => ({ path, text: readFileSync(path, 'utf8') }));

  it('is read whole', () => expect(files.length).toBeGreaterThan(100));

  it('has no hook that returns elements', () => {
    expect(files.flatMap(({ path, text }) => hooksWithElements(text).map((name) => `${path}: ${name}`))).toEqual([]);
    expect(hooksWithElements('function useX() { return { open, dialog: <p>no</p> }; }')).toEqual(['useX']);
    expect(hooksWithElements('const useX = () => (open ? <p /> : null);')).toEqual(['useX']);
  });

  it('makes no events that nobody made', () => {
    expect(files.filter(({ text }) => SYNTHETIC.test(text)).map(({ path }) => path)).toEqual([]);
    expect('document.dispatchEvent(new KeyboardEvent("keydown"))').toMatch(SYNTHETIC);
  });
});
