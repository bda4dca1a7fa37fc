import type { Argument, Command as Commander, Option } from 'commander';
import type { Command } from './context.ts';
import { EXIT } from './exit-codes.ts';

export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

interface Word {
  readonly word: string;
  readonly about: string;
}

/** What may follow a command: its options, and the values of those that have a fixed list. */
interface Completed {
  readonly name: string;
  readonly about: string;
  readonly options: readonly Word[];
  /** By option: its values. */
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** Options whose value is a file. */
  readonly files: readonly string[];
  /** Its arguments: a fixed list, files, or neither. */
  readonly words: readonly string[];
  readonly takesFiles: boolean;
}

const isFile = (text: string): boolean => /file|snapshot/i.test(text);
const choicesOf = ({ argChoices }: Option | Argument): readonly string[] => argChoices ?? [];

function completed(command: Commander): Completed {
  const options = command.options.filter(({ hidden }) => !hidden);
  const flags = ({ short, long }: Option) => [short, long].filter((flag) => flag != null);
  const arguments_ = command.registeredArguments;
  return {
    name: command.name(),
    about: command.description(),
    options: [
      ...options.flatMap((option) => flags(option).map((word) => ({ word, about: option.description }))),
      { word: '--help', about: 'what it does, and its options' },
    ],
    values: new Map(
      options
        .flatMap((option) => flags(option).map((flag) => [flag, choicesOf(option)] as const))
        .filter(([, values]) => values.length > 0),
    ),
    files: options.filter(({ flags: text }) => isFile(text)).flatMap(flags),
    words: arguments_.flatMap(choicesOf),
    takesFiles: arguments_.some((argument) => isFile(argument.name())),
  };
}

/** A word of a script in single quotes; ours hold no line ends. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

function bash(commands: readonly Completed[]): string {
  const cases = commands.map(({ name, options, values, files, words, takesFiles }) => {
    const lines = [
      ...[...values].map(([flag, list]) => `        ${flag}) words="${list.join(' ')}" ;;`),
      ...files.map((flag) => `        ${flag}) files=1 ;;`),
      `        *) words="${[...options.map(({ word }) => word), ...words].join(' ')}"${takesFiles ? '; files=1' : ''} ;;`,
    ];
    return `    ${name})\n      case "$before" in\n${lines.join('\n')}\n      esac ;;`;
  });
  return `# bash: source <(bulkhead completion bash)
_bulkhead() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words="" files=""
  case "$COMP_CWORD:\${COMP_WORDS[1]}" in
    1:*) words="${commands.map(({ name }) => name).join(' ')} --help --version" ;;
    *) _bulkhead_of "\${COMP_WORDS[1]}" ;;
  esac
  COMPREPLY=( $(compgen -W "$words" -- "$word") )
  [ -n "$files" ] && COMPREPLY+=( $(compgen -f -- "$word") )
}
_bulkhead_of() {
  case "$1" in
${cases.join('\n')}
  esac
}
complete -o filenames -F _bulkhead bulkhead
`;
}

function zsh(commands: readonly Completed[]): string {
  const described = (words: readonly Word[]) =>
    words.map(({ word, about }) => quoted(`${word.replaceAll(':', '\\:')}:${about}`)).join(' ');
  const cases = commands.map(({ name, options, values, files, words, takesFiles }) => {
    const lines = [
      ...[...values].map(([flag, list]) => `      ${flag}) compadd -- ${list.join(' ')} ;;`),
      ...files.map((flag) => `      ${flag}) _files ;;`),
      `      *) options=(${described(options)}); _describe option options${words.length > 0 ? `; compadd -- ${words.join(' ')}` : ''}${takesFiles ? '; _files' : ''} ;;`,
    ];
    return `    ${name})\n      case "$words[CURRENT-1]" in\n${lines.join('\n')}\n      esac ;;`;
  });
  return `#compdef bulkhead
# zsh: source <(bulkhead completion zsh)
_bulkhead() {
  local -a commands options
  if (( CURRENT == 2 )); then
    commands=(${described(commands.map(({ name, about }) => ({ word: name, about })))})
    _describe command commands
    return
  fi
  case "$words[2]" in
${cases.join('\n')}
  esac
}
compdef _bulkhead bulkhead
`;
}

function fish(commands: readonly Completed[]): string {
  const lines = commands.flatMap(({ name, about, options, values, files, words, takesFiles }) => {
    const within = `complete -c bulkhead -n '__fish_seen_subcommand_from ${name}'`;
    return [
      `complete -c bulkhead -n __fish_use_subcommand -f -a ${name} -d ${quoted(about)}`,
      ...options.map(({ word, about: text }) => {
        const flag = word.startsWith('--') ? `-l ${word.slice(2)}` : `-s ${word.slice(1)}`;
        const list = values.get(word);
        const value = files.includes(word) ? ' -r -F' : list === undefined ? '' : ` -x -a ${quoted(list.join(' '))}`;
        return `${within} ${flag}${value} -d ${quoted(text)}`;
      }),
      ...(words.length > 0 ? [`${within} -f -a ${quoted(words.join(' '))}`] : []),
      ...(takesFiles ? [`${within} -F`] : []),
    ];
  });
  return `# fish: bulkhead completion fish | source\ncomplete -c bulkhead -f\n${lines.join('\n')}\n`;
}

/** PowerShell doubles quotes within single quotes. */
const single = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function powershell(commands: readonly Completed[]): string {
  const table = commands.map(({ name, options, values, words }) => {
    const flags = options.map(({ word }) => single(word));
    const lists = [...values].map(([flag, list]) => `${single(flag)} = @(${list.map(single).join(', ')})`);
    return `    ${single(name)} = @{ Words = @(${[...flags, ...words.map(single)].join(', ')}); Choices = @{ ${lists.join('; ')} } }`;
  });
  return `# PowerShell: bulkhead completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName bulkhead -ScriptBlock {
  param($word, $line, $position)
  $commands = [ordered]@{
${table.join('\n')}
  }
  $typed = @($line.CommandElements | ForEach-Object { $_.ToString() })
  $before = if ($word) { $typed[-2] } else { $typed[-1] }
  $known = $commands[[string]$typed[1]]
  $words = if ($typed.Count -lt 2 -or ($typed.Count -eq 2 -and $word)) { $commands.Keys }
    elseif ($known -and $known.Choices.ContainsKey([string]$before)) { $known.Choices[[string]$before] }
    elseif ($known) { $known.Words } else { @() }
  $words | Where-Object { $_ -like "$word*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

const WRITERS: Readonly<Record<Shell, (commands: readonly Completed[]) => string>> = { bash, zsh, fish, powershell };

/**
 * A script for the shell that completes commands, options and their values. It asks nothing of any engine.
 * @param program made in English: the script is kept, and the language may change
 */
export function completionCommand(shell: Shell, program: Commander): Command {
  return async (context) => {
    context.out(WRITERS[shell](program.commands.map(completed)));
    return EXIT.ok;
  };
}
