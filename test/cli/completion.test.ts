import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/require.ts';

const PROGRAM = 'out/cli/bulkhead.js';

describeWith('completions, by the shells themselves', { programs: ['bash', 'zsh', 'fish'], files: [PROGRAM] }, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-completion-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const script = (shell: string): string => {
    const file = join(folder, shell);
    writeFileSync(file, execFileSync(process.execPath, [PROGRAM, 'completion', shell]));
    return file;
  };

  /** What bash offers after the words; the last one is being typed. */
  function offered(...words: string[]): string[] {
    const body = `source ${script('bash')}; COMP_WORDS=(bulkhead "$@"); COMP_CWORD=$#; _bulkhead; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', body, 'bash', ...words], { encoding: 'utf8' })
      .trim()
      .split('\n');
  }

  it('bash offers commands, options, values and files', () => {
    expect(offered('sc')).toEqual(['scan']);
    expect(offered('')).toEqual(expect.arrayContaining(['scan', 'shared', 'check', 'diff', 'top', 'completion']));
    expect(offered('top', '--o')).toEqual(['--once']);
    expect(offered('top', '--sort', '')).toEqual(['cpu', 'memory', 'io']);
    expect(offered('completion', 'z')).toEqual(['zsh']);
    expect(offered('check', 'package.j')).toEqual(['package.json']);
    expect(offered('scan', 'package.j')).toEqual(['']);
  });

  it('fish offers them with what they are for', () => {
    const offers = (line: string) =>
      execFileSync('fish', ['--no-config', '-c', `source ${script('fish')}; complete -C ${JSON.stringify(line)}`], {
        encoding: 'utf8',
        env: { ...process.env, HOME: folder },
      });
    expect(offers('bulkhead che')).toMatch(/^check\t.+/);
    expect(offers('bulkhead top --sort ').trim().split('\n').sort()).toEqual(
      ['cpu', 'io', 'memory'].map((word) => `${word}\tthe order of the list`),
    );
  });

  it('zsh takes the script', () => {
    const body = `autoload -U compinit && compinit -D; source ${script('zsh')}; print $_comps[bulkhead]`;
    const out = execFileSync('zsh', ['-f', '-c', body], { encoding: 'utf8', env: { ...process.env, HOME: folder } });
    expect(out).toBe('_bulkhead\n');
    execFileSync('zsh', ['-n', join(folder, 'zsh')]);
  });

  it('zsh completes what is typed at its prompt', () => {
    const typed = join(folder, 'typed.zsh');
    // A shell with a terminal of its own, which is asked as a person asks: by the tab key.
    writeFileSync(
      typed,
      [
        'zmodload zsh/zpty; zpty z zsh -f -i',
        'zpty -w z "PROMPT=; autoload -U compinit; compinit -D; source $1; print READ""Y"',
        "zpty -m -r z out '*READY*'",
        'zpty -w -n z "$2"$\'\\t\'; zpty -m -r z out "*$3*" && print -r -- completed',
      ].join('\n'),
    );
    const completed = (line: string, whole: string): string =>
      execFileSync('zsh', ['-f', typed, script('zsh'), line, whole], {
        encoding: 'utf8',
        timeout: 20_000,
        env: { ...process.env, HOME: folder, TERM: 'dumb' },
      });
    for (const [line, whole] of [
      ['bulkhead completi', 'completion'],
      ['bulkhead top --sort m', 'memory'],
      ['bulkhead isolation --snap', '--snapshot'],
    ] as const) {
      expect(completed(line, whole)).toContain('completed');
    }
  });

  it('PowerShell gets each command and value, quoted; no PowerShell can be had here to run it', () => {
    const text = execFileSync(process.execPath, [PROGRAM, 'completion', 'powershell'], { encoding: 'utf8' });
    for (const word of ["'scan' = @{", "'--sort' = @('cpu', 'memory', 'io')"]) expect(text).toContain(word);
    // Outside of comments and quotes every bracket is closed by its own, in order.
    const code = text
      .replace(/^#.*$/gm, '')
      .replace(/'(?:[^']|'')*'/g, 'q')
      .replace(/"[^"]*"/g, 'q');
    expect(code).not.toMatch(/['"`]/);
    const open: string[] = [];
    const ends: Readonly<Record<string, string>> = { ')': '(', '}': '{', ']': '[' };
    for (const [bracket] of code.matchAll(/[(){}[\]]/g)) {
      if (ends[bracket] === undefined) open.push(bracket);
      else expect(open.pop()).toBe(ends[bracket]);
    }
    expect(open).toEqual([]);
    // A key of that name would hide the property of every hash table.
    expect(text).not.toMatch(/\b(?:Keys|Values|Count) = /);
  });
});
