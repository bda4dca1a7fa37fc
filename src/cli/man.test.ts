import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { describeWith } from '../../test/support/require.ts';
import { manPage } from './man.ts';
import { createProgram } from './program.ts';

/** Bold and underlined letters are written over one another. */
const OVERSTRUCK = new RegExp(`.${String.fromCharCode(8)}`, 'g');

const page = (): string => manPage(createProgram('1.2.3', () => {}));

it('has every command and option', () => {
  const program = createProgram('1.2.3', () => {});
  const text = page().replaceAll('\\-', '-');
  expect(text).toMatch(/^\.TH BULKHEAD 1 "" "Bulkhead 1\.2\.3" /);
  for (const command of program.commands) {
    expect(text).toContain(`.SS \\fB${command.name()}\\fR`);
    for (const option of command.options) expect(text).toContain(option.flags);
  }
});

describeWith('as groff sees it', { programs: ['groff'] }, () => {
  it('is clean, and says what an option does', () => {
    const { stdout, stderr, status } = spawnSync('groff', ['-man', '-ww', '-Tascii', '-P-c'], {
      input: page(),
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const text = stdout.replace(OVERSTRUCK, '');
    expect(text).toMatch(
      /--fail-on <severity>\n +The least severe that counts\. One of broken, danger, *\n? *warning\./,
    );
    expect(text).not.toMatch(/\\f|`/);
  });
});
