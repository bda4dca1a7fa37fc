import type { Argument, Command as Commander, Option } from 'commander';
import { EXIT_MEANINGS } from './exit-codes.ts';

/** Text for man(7): what it would take for its own is escaped, and `quoted` words are bold. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('’', '\\(cq')
    .replace(/^([.'])/gm, '\\&$1')
    .replace(/`([^`]*)`/g, '\\fB$1\\fR');
}

function valuesOf({ argChoices }: Option | Argument): string {
  return argChoices === undefined || argChoices.length === 0 ? '' : ` One of ${argChoices.join(', ')}.`;
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${withoutStop(text).slice(1)}.`;
}

function optionLines(option: Option): string[] {
  return ['.TP', `\\fB${roff(option.flags)}\\fR`, roff(`${sentence(option.description)}${valuesOf(option)}`)];
}

function commandLines(command: Commander): string[] {
  const arguments_ = command.registeredArguments;
  const usage = arguments_.map((each) => {
    const name = `${each.name()}${each.variadic ? '...' : ''}`;
    return each.required ? `\\fI${roff(name)}\\fR` : `[\\fI${roff(name)}\\fR]`;
  });
  return [
    `.SS \\fB${roff(command.name())}\\fR ${usage.join(' ')}`.trimEnd(),
    roff(sentence(command.description())),
    ...arguments_.flatMap((each) => [
      '.TP',
      `\\fI${roff(each.name())}\\fR`,
      roff(`${sentence(each.description)}${valuesOf(each)}`),
    ]),
    ...command.options.filter(({ hidden }) => !hidden).flatMap(optionLines),
  ];
}

function exitLines(): string[] {
  return EXIT_MEANINGS.flatMap(([code, meaning]) => ['.TP', `\\fB${code}\\fR`, roff(sentence(meaning))]);
}

/**
 * The manual page of the command line, made of the same definitions as its help. It is made once, when Bulkhead is built,
 * so it is in English.
 * @param program made in English
 */
export function manPage(program: Commander): string {
  const { name, description } = { name: program.name(), description: program.description() };
  return `${[
    `.TH BULKHEAD 1 "" "Bulkhead ${program.version() ?? ''}" "User Commands"`,
    '.SH NAME',
    `${name} \\- ${roff(withoutStop(description).replace(/^S/, 's'))}`,
    '.SH SYNOPSIS',
    `.B ${name}`,
    '.I command',
    '[\\fIoptions\\fR]',
    '.SH DESCRIPTION',
    roff(description),
    'Data goes to the standard output, everything else to the standard error.',
    '.SH COMMANDS',
    ...program.commands.flatMap(commandLines),
    '.SH EXIT STATUS',
    ...exitLines(),
    '.SH ENVIRONMENT',
    '.TP',
    '\\fBDOCKER_HOST\\fR, \\fBDOCKER_CONTEXT\\fR, \\fBDOCKER_CONFIG\\fR, \\fBDOCKER_TLS_VERIFY\\fR, \\fBDOCKER_CERT_PATH\\fR, \\fBDOCKER_API_VERSION\\fR',
    roff('Choose the engine, as they do for docker(1).'),
    '.TP',
    '\\fBNO_COLOR\\fR, \\fBFORCE_COLOR\\fR',
    roff('Turn colour off, or on where the output is no terminal. NO_COLOR wins.'),
    '.SH SEE ALSO',
    '\\fBdocker\\fR(1), \\fBlsns\\fR(8), \\fBnsenter\\fR(1), \\fBnamespaces\\fR(7)',
  ].join('\n')}\n`;
}
