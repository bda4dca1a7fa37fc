import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy, pageFile } from './page.ts';

describe('pageFile', () => {
  it('knows the page and its assets', () => {
    expect(pageFile('/')).toEqual({ path: 'index.html', type: 'text/html; charset=utf-8' });
    expect(pageFile('/assets/index-B1_x.js')?.type).toBe('text/javascript; charset=utf-8');
  });

  it.each([
    '',
    'index.html',
    '/../secret.js',
    '/assets/../../x.js',
    '/%2e%2e/x.js',
    '/%2e%2e%2fx.js',
    '/..%5cx.js',
    '/a//b.js',
    '/./x.js',
    '/.hidden.js',
    '/C:/x.js',
    '/x.js:stream',
    '/x.exe',
    '/x',
    '/assets/',
    '/%00.js',
    '/x.js%00',
    '/%',
    '/%252e%252e/x.js',
  ])('refuses %j', (path) => {
    expect(pageFile(path)).toBeNull();
  });

  it('never leads out of the folder, on any system', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('..', '.', '/', '\\', '%2f', '%5c', '%2e', 'a', 'C:', '.js', '\0')),
        (parts) => {
          const file = pageFile(`/${parts.join('')}`);
          if (file === null) return;
          expect(posix.join('/root', file.path).startsWith('/root/')).toBe(true);
          expect(win32.join('C:\\root', file.path).startsWith('C:\\root\\')).toBe(true);
        },
      ),
    );
  });
});

describe('contentSecurityPolicy', () => {
  it('allows no inline code and nothing by default', () => {
    const policy = contentSecurityPolicy(['ws://127.0.0.1:1']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'self' ws://127.0.0.1:1;");
    expect(policy).not.toMatch(/(?<!style-src-attr )'unsafe/);
  });
});
