import { CommanderError } from 'commander';
import { afterEach, expect, it } from 'vitest';
import { setLanguage } from '#core/words/language.ts';
import { createProgram } from './program.ts';
import { width } from './text.ts';

afterEach(() => setLanguage('en'));

/** What wrong use is answered with on stderr. */
function complaintOf(...words: string[]): string {
  let said = '';
  const write = {
    writeErr: (text: string) => {
      said += text;
    },
  };
  const program = createProgram('1.2.3', () => {}).configureOutput(write);
  for (const command of program.commands) command.configureOutput(write);
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
  }
  return said;
}

const WRONG: readonly (readonly [string[], string, string])[] = [
  [
    ['scan', '--jsno'],
    "error: unknown option '--jsno'\n(Did you mean --json?)\n",
    '错误：未知选项“--jsno”\n（是否想输入 --json？）\n',
  ],
  [['zzzzzz'], "error: unknown command 'zzzzzz'\n", '错误：未知命令“zzzzzz”\n'],
  [['find'], "error: missing required argument 'what'\n", '错误：缺少必需的参数“what”\n'],
  [
    ['scan', '--endpoint'],
    "error: option '--endpoint <name>' argument missing\n",
    '错误：选项“--endpoint <name>”缺少值\n',
  ],
  [
    ['scan', '--json', '-q'],
    "error: option '-q, --quiet' cannot be used with option '--json'\n",
    '错误：选项“-q, --quiet”不能与选项“--json”同时使用\n',
  ],
  [
    ['why', 'a', 'b', 'c'],
    "error: too many arguments for 'why'. Expected 2 arguments but got 3.\n",
    '错误：“why”的参数过多：应为 2 个，实际给出 3 个。\n',
  ],
  [
    ['serve', '--port', "x'y"],
    "error: option '--port <number>' argument 'x'y' is invalid. A port is a number from 0 to 65535.\n",
    "错误：选项“--port <number>”的值“x'y”无效。端口是 0 到 65535 之间的数字。\n",
  ],
  [
    ['completion', 'ksh'],
    "error: command-argument value 'ksh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish, powershell.\n",
    '错误：参数“shell”的值“ksh”无效。可选值：bash、zsh、fish、powershell。\n',
  ],
];

it.each(WRONG)('says what is wrong with %j in both languages', (words, english, chinese) => {
  expect(complaintOf(...words)).toBe(`${english}Try: bulkhead --help\n`);
  setLanguage('zh-CN');
  expect(complaintOf(...words)).toBe(`${chinese}请参阅：bulkhead --help\n`);
});

it('helps in both languages, in columns and within the width of a pipe', () => {
  const english = createProgram('1.2.3', () => {}).commands.find((command) => command.name() === 'check');
  expect(english?.helpInformation()).toMatch(/\(choices: "broken",\s+"danger", "warning", default: "warning"\)/);
  setLanguage('zh-CN');
  const program = createProgram('1.2.3', () => {});
  for (const command of [program, ...program.commands]) {
    const help = command.helpInformation();
    expect(help).toMatch(/^用法：bulkhead/);
    // What is left of English is names, values and command lines.
    expect(help).not.toMatch(/\b(the|with|Options|Commands|default|choices|display)\b[ :]/);
    // Beside the list of commands there is no room to wrap into.
    if (command === program) continue;
    expect(help.split('\n').filter((line) => width(line) > 80 && !line.startsWith('用法：'))).toEqual([]);
  }
  const starts = program
    .helpInformation()
    .split('\n')
    .flatMap((line) => {
      const [, before] = /^( {2}\S.*? {2,})(?=\p{Script=Han}|\d)/u.exec(line) ?? [];
      return before === undefined ? [] : [width(before)];
    });
  expect(starts.length).toBeGreaterThan(15);
  expect(new Set(starts).size).toBe(1);
});
