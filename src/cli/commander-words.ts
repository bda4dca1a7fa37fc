import { type Argument, Command as Commander, Help, type Option } from 'commander';
import { commas, type PlainMessage, t } from '#core/words/words.ts';
import { width, wrapped } from './text.ts';

const TITLES: Readonly<Record<string, PlainMessage>> = {
  'Usage:': 'Usage:',
  'Arguments:': 'Arguments:',
  'Options:': 'Options:',
  'Commands:': 'Commands:',
};

/** The end of a complaint about a value: commander's list of choices, or words of ours. */
function why(text: string): string {
  const choices = /^Allowed choices are (.*)\.$/s.exec(text)?.[1];
  return choices === undefined ? text : t('Allowed choices are {choices}.', { choices: commas(choices.split(', ')) });
}

/** Each complaint of commander that our definitions can cause, as its lib/command.js words it. */
const COMPLAINTS: readonly (readonly [RegExp, (...parts: string[]) => string])[] = [
  [/^error: unknown option '(.*)'$/s, (option = '') => t("error: unknown option ''{option}''", { option })],
  [/^error: unknown command '(.*)'$/s, (command = '') => t("error: unknown command ''{command}''", { command })],
  [
    /^error: missing required argument '(.*)'$/s,
    (argument = '') => t("error: missing required argument ''{argument}''", { argument }),
  ],
  [
    /^error: option '(.*)' argument missing$/s,
    (option = '') => t("error: option ''{option}'' argument missing", { option }),
  ],
  [
    /^error: option '(.*)' cannot be used with option '(.*)'$/s,
    (option = '', other = '') =>
      t("error: option ''{option}'' cannot be used with option ''{other}''", { option, other }),
  ],
  [
    /^error: too many arguments for '(.*)'\. Expected (\d+) arguments? but got (\d+)\.$/s,
    (command = '', expected = '', got = '') =>
      t(
        "error: too many arguments for ''{command}''. Expected {expected, plural, one {# argument} other {# arguments}} but got {got}.",
        { command, expected: Number(expected), got },
      ),
  ],
  [
    /^error: option '(.*?)' argument '(.*)' is invalid\. (.*)$/s,
    (option = '', value = '', reason = '') =>
      t("error: option ''{option}'' argument ''{value}'' is invalid. {reason}", { option, value, reason: why(reason) }),
  ],
  [
    /^error: command-argument value '(.*)' is invalid for argument '(.*?)'\. (.*)$/s,
    (value = '', argument = '', reason = '') =>
      t("error: command-argument value ''{value}'' is invalid for argument ''{argument}''. {reason}", {
        value,
        argument,
        reason: why(reason),
      }),
  ],
];

/** A complaint of commander in the language of now; what is not known as one is as it was. */
export function complaint(text: string): string {
  const [, first = text, several, guess] = /^(.*)\n\(Did you mean (one of )?(.*)\?\)$/s.exec(text) ?? [];
  const lines: string[] = [];
  for (const [pattern, say] of COMPLAINTS) {
    const found = pattern.exec(first);
    if (found === null) continue;
    lines.push(say(...found.slice(1)));
    break;
  }
  if (lines.length === 0) lines.push(first);
  if (guess !== undefined) {
    lines.push(
      several === undefined
        ? t('(Did you mean {guess}?)', { guess })
        : t('(Did you mean one of {guesses}?)', { guesses: commas(guess.split(', ')) }),
    );
  }
  return lines.join('\n');
}

/** What is said of an option or argument, with its values and the one that it has where nothing is said. */
function described({ description, argChoices, defaultValue }: Option | Argument): string {
  const choices = commas((argChoices ?? []).map((choice) => JSON.stringify(choice)));
  const usual = defaultValue === undefined ? '' : JSON.stringify(defaultValue);
  if (choices === '') return usual === '' ? description : t('{description} (default: {usual})', { description, usual });
  return usual === ''
    ? t('{description} (choices: {choices})', { description, choices })
    : t('{description} (choices: {choices}, default: {usual})', { description, choices, usual });
}

/** A program whose help and complaints, those of its commands too, are in the language of now. */
export function speakingProgram(name: string): Commander {
  return new Commander(name)
    .helpOption('-h, --help', t('display help for command'))
    .helpCommand('help [command]', t('display help for command'))
    .configureHelp({
      displayWidth: width,
      boxWrap: (text, columns) =>
        text
          .split('\n')
          .flatMap((line) => wrapped(line, columns))
          .join('\n'),
      // Behind a colon of full width no space follows.
      formatHelp: (command, helper) => new Help().formatHelp(command, helper).replace(/^([^\n]*：) /, '$1'),
      styleTitle: (title) => (TITLES[title] === undefined ? title : t(TITLES[title])),
      optionDescription: described,
      argumentDescription: described,
    })
    .configureOutput({ outputError: (text, write) => write(`${complaint(text.replace(/\n$/, ''))}\n`) })
    .showHelpAfterError(t('Try: bulkhead --help'));
}
