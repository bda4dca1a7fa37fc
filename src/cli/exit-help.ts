import { t } from '#core/words/words.ts';
import { EXIT_MEANINGS } from './exit-codes.ts';
import { wrapped } from './text.ts';

/** The part of `--help` that tells of the exit codes, and where what goes. */
export function exitHelp(columns: number): string {
  const indent = ' '.repeat(7);
  const codes = EXIT_MEANINGS.map(([code, meaning]) => {
    const lines = wrapped(t(meaning), columns - indent.length);
    return `  ${String(code).padEnd(5)}${lines.join(`\n${indent}`)}`;
  });
  const streams = t('Data goes to stdout, everything else to stderr. NO_COLOR turns colour off, FORCE_COLOR on.');
  return ['', t('Exit codes:'), ...codes, '', ...wrapped(streams, columns)].join('\n');
}
