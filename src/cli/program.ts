import { Argument, type Command as Commander, InvalidArgumentError, Option } from 'commander';
import { CHECK_SEVERITIES } from '#core/answer/schemas.ts';
import { USAGE_ORDERS } from '#core/answer/usage-report.ts';
import { durationOf } from '#core/recording/recording.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '#core/snapshot/namespace.ts';
import { inEnglish, setLanguage } from '#core/words/language.ts';
import { commas, t } from '#core/words/words.ts';
import { type CheckOptions, checkCommand } from './check.ts';
import { speakingProgram } from './commander-words.ts';
import { endpointsCommand, type ReadOptions, scanCommand, sharedCommand, watchCommand } from './commands.ts';
import { completionCommand, SHELLS, type Shell } from './completion.ts';
import type { Command } from './context.ts';
import { diffCommand } from './diff.ts';
import { exitHelp } from './exit-help.ts';
import { type ExportOptions, exportCommand, FORMAT_IDS, SCALES, THEME_IDS, VIEW_IDS } from './export.ts';
import { type FindOptions, findCommand } from './find.ts';
import { type InspectOptions, inspectCommand } from './inspect.ts';
import { type IsolationOptions, isolationCommand } from './isolation.ts';
import type { ListingOptions } from './listing.ts';
import { type ReachOptions, reachCommand } from './reach.ts';
import { type RecordOptions, recordCommand } from './record.ts';
import { serveCommand } from './serve.ts';
import { type EnterOptions, enterCommand, type ShellOptions, shellCommand } from './shell.ts';
import { type TopOptions, topCommand } from './top.ts';
import { type WhyOptions, whyCommand } from './why.ts';

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError(t('A port is a number from 0 to 65535.'));
  return value;
}

function duration(text: string): number {
  const value = durationOf(text);
  // What a timer can wait.
  if (value === null || value === 0 || value > 2_147_483_647) {
    throw new InvalidArgumentError(t('A duration is a number with s, m or h: 90s, 10m, 2h; 596h at most.'));
  }
  return value;
}

const endpointOption = () =>
  new Option('--endpoint <name>', t('an endpoint of `bulkhead endpoints`, an address, or `local`'));

/** For commands that read: a helper with full privileges is never taken without it. */
const privilegedOption = () =>
  new Option('--privileged-helper', t('let the helper that reads run privileged if the engine refuses less'));

const contextOption = () =>
  new Option(
    '--context <name>',
    t('a context, as with `docker --context`; it takes precedence over DOCKER_HOST'),
  ).conflicts('endpoint');

/** For commands whose arguments are already taken. */
const snapshotOption = () =>
  new Option(
    '--snapshot <file>',
    t('a file of `scan --details --json` or the app (- for stdin) instead of a new scan'),
  ).conflicts(['endpoint', 'context']);

const several = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
const names = (text: string): readonly string[] => text.split(',').map((name) => name.trim());

const KINDS: ReadonlySet<string> = new Set(NAMESPACE_KINDS);
const isKind = (text: string): text is NamespaceKind => KINDS.has(text);

function kinds(text: string): readonly NamespaceKind[] {
  const all = names(text);
  const known = all.filter(isKind);
  if (known.length < all.length)
    throw new InvalidArgumentError(t('Kinds are {kinds}.', { kinds: commas(NAMESPACE_KINDS) }));
  return known;
}

/** For commands that print one list. */
function listing(command: Commander): Commander {
  const option = (flags: string, about: string) => new Option(flags, about).conflicts('json');
  return command
    .addOption(option('--columns <names>', t('show these columns in this order, separated by commas')).argParser(names))
    .addOption(
      option(
        '--filter <filter>',
        t('rows where COLUMN=TEXT, COLUMN~TEXT for a part, != and !~ for others; may be repeated'),
      ).argParser(several),
    )
    .addOption(option('-q, --quiet', t('one id per line and nothing else')).conflicts(['json', 'columns']));
}

/** The commands of the command line; `run` is called once with the one that was asked for. */
export function createProgram(version: string, run: (command: Command) => void): Commander {
  const program = speakingProgram('bulkhead')
    .description(t('See below the waterline of Docker: processes, namespaces and who shares them.'))
    .version(version, '-V, --version', t('output the version number'))
    .addHelpText('after', () => exitHelp(process.stdout.columns || 80))
    .exitOverride()
    // What programs read is the same in every language.
    .hook('preAction', (_program, action) => {
      if (action.opts().json === true) setLanguage('en');
    });

  listing(program.command('endpoints'))
    .description(t('list the engines that were found, and why one cannot be used'))
    .option('--json', t('as JSON'))
    .action((options: ListingOptions & { json?: boolean }) => run(endpointsCommand(options)));
  listing(program.command('scan'))
    .description(t('scan once: containers and the standing of their namespaces'))
    .addOption(endpointOption())
    .addOption(contextOption())
    .addOption(privilegedOption())
    .option('--details', t('with links, addresses, routes, sockets, mounts and limits, for views and answers offline'))
    .option('--json', t('as a snapshot, format 1'))
    .action((options: ReadOptions & ListingOptions & { details?: boolean }) => run(scanCommand(options)));
  listing(program.command('shared'))
    .description(t('who shares which namespace with whom, and why'))
    .addOption(endpointOption())
    .addOption(contextOption())
    .addOption(privilegedOption())
    .option('--all', t('also what every container shares with the host by default'))
    .option('--json', t('as JSON, which always has all'))
    .action((options: ReadOptions & ListingOptions & { all?: boolean }) => run(sharedCommand(options)));
  program
    .command('inspect')
    .description(t('what the namespaces, the cgroup and the init of a container hold, or a process, or one namespace'))
    .argument('<target>', t("a container's name or id, a pid of the VM, or a namespace: net:[4026532184]"))
    .addOption(snapshotOption())
    .addOption(endpointOption())
    .addOption(contextOption())
    .addOption(privilegedOption())
    .option('--json', t('as JSON'))
    .action((target: string, options: InspectOptions) => run(inspectCommand(target, options)));
  program
    .command('find')
    .description(
      t(
        'find what something belongs to: a pid inside or outside, a name, id, namespace, port, address, link, path, volume, layer',
      ),
    )
    .argument(
      '<what>',
      t('as it appears in a log or a list: 4711, web1, :8080, 172.17.0.2, veth1a2b, /srv/data, web1:/data'),
    )
    .addOption(snapshotOption())
    .addOption(endpointOption())
    .addOption(contextOption())
    .addOption(privilegedOption())
    .option('--json', t('as JSON'))
    .action((what: string, options: FindOptions) => run(findCommand(what, options)));
  program
    .command('why')
    .description(t('in which namespaces one is, or two are, and for which reason'))
    .argument('<a>', t("a container's name or id, a pid of the VM, or `host`"))
    .argument('[b]', t('another one'))
    .addOption(snapshotOption())
    .addOption(endpointOption())
    .addOption(contextOption())
    .addOption(privilegedOption())
    .option('--json', t('as JSON'))
    .action((a: string, b: string | undefined, options: WhyOptions) => run(whyCommand(a, b, options)));
  program
    .command('watch')
    .description(t('changes as they happen, until Ctrl+C'))
    .addOption(endpointOption())
    .addOption(contextOption())
    .addOption(privilegedOption())
    .option('--json', t('one line of JSON per event'))
    .action((options: ReadOptions) => run(watchCommand(options)));
  program
    .command('check')
    .description(t('find what is wrong: broken shares, leftovers, dangerous settings; exits with 5 if anything is'))
    .argument('[snapshot]', t('a saved snapshot (- for stdin) instead of a new scan'))
    .addOption(
      new Option('--fail-on <severity>', t('the least severe that counts'))
        .choices(CHECK_SEVERITIES.slice(0, -1))
        .default('warning'),
    )
    .addOption(endpointOption())
    .addOption(contextOption())
    .addOption(privilegedOption())
    .option('--json', t('all findings as JSON'))
    .action((file: string | undefined, options: CheckOptions) => run(checkCommand(file, options)));
  program
    .command('reach')
    .description(
      t(
        'whether a connection from one place to another arrives, and its whole way; exits with 5 if not, 4 if not known',
      ),
    )
    .argument('<from>', t('outside, host, a container or a pid'))
    .argument('<to>', t('a published port (:8001), container:port, address:port or name:port; /udp for UDP'))
    .addOption(snapshotOption())
    .addOption(endpointOption())
    .addOption(contextOption())
    .addOption(privilegedOption())
    .addOption(new Option('--try', t('connect once for real, from within the network of <from>')).conflicts('snapshot'))
    .option('--json', t('as JSON'))
    .action((from: string, to: string, options: ReachOptions) => run(reachCommand(from, to, options)));
  program
    .command('isolation')
    .description(
      t(
        'what a container can do to the machine and to others; without a name, all containers, the least isolated first',
      ),
    )
    .argument('[container]', t('its name or id'))
    .addOption(snapshotOption())
    .addOption(endpointOption())
    .addOption(contextOption())
    .addOption(privilegedOption())
    .option('--json', t('as JSON'))
    .action((target: string | undefined, options: IsolationOptions) => run(isolationCommand(target, options)));
  program
    .command('diff')
    .description(t('what differs between two saved snapshots; `live` is a new scan. Exits with 5 if anything does'))
    .argument('<before>', t('a saved snapshot, - for stdin, live, or a moment of a recording: FILE.bulkhead@10m'))
    .argument('<after>', t('another one'))
    .addOption(endpointOption())
    .addOption(contextOption())
    .addOption(privilegedOption())
    .option('--json', t('as JSON'))
    .action((before: string, after: string, options: ReadOptions) => run(diffCommand(before, after, options)));
  program
    .command('top')
    .description(t('who uses the processors, memory and storage of the machine, until Ctrl+C'))
    .option('--once', t('print once, after measuring for a second'))
    .addOption(new Option('--sort <what>', t('the order of the list')).choices(USAGE_ORDERS).default('memory'))
    .addOption(endpointOption())
    .addOption(contextOption())
    .addOption(privilegedOption())
    .option('--json', t('as JSON; without --once one line per second'))
    .action((options: TopOptions) => run(topCommand(options)));
  program
    .command('export')
    .description(t('the picture or the data of a saved snapshot (- for stdin), or of a new scan'))
    .argument('[snapshot]', t('a file that `bulkhead scan --json`, `bulkhead record` or the app saved'))
    .addOption(
      new Option('--format <format>', t('the format; by default chosen by the ending of -o')).choices(FORMAT_IDS),
    )
    .addOption(new Option('--view <view>', t('what to show; by default `sharing`')).choices(VIEW_IDS))
    .addOption(new Option('--theme <theme>', t('colours of a picture; by default `light`')).choices(THEME_IDS))
    .addOption(
      new Option(
        '--scale <number>',
        t('pixels of a PNG for each unit; by default as sharp as its size allows'),
      ).choices(SCALES),
    )
    .option('--at <time>', t('the moment of a recording: 2026-01-31T12:00:00Z, or 10m after its beginning'))
    .option('--compare <earlier>', t('mark what has changed since this snapshot, or FILE.bulkhead@10m'))
    .option(
      '--filter <filter>',
      t('only these containers, as the filter of the app: `name:web* -image:nginx shared>=2`'),
    )
    .addOption(
      new Option('--kinds <kinds>', t('only these kinds of namespaces, with commas between them')).argParser(kinds),
    )
    .option('--running', t('without containers that do not run'))
    .option('--networks', t('with the Docker networks'))
    .option('--services', t("with services of the host and other engines' containers"))
    .option('--host-links', t("with everything that is the host's by default"))
    .option('--mask', t('pseudonyms for names, images, paths, addresses, labels and arguments'))
    .option('-o, --output <file>', t('write to this file instead of stdout'))
    .addOption(endpointOption())
    .addOption(contextOption())
    .addOption(privilegedOption())
    .action((snapshot: string | undefined, options: ExportOptions) => run(exportCommand(snapshot, options)));
  program
    .command('record')
    .description(t('record what changes into a file, until Ctrl+C; an existing recording is continued'))
    .option('-o, --output <file>', t('the file; by default named by its time'))
    .option('--for <duration>', t('end after this time: 90s, 10m, 2h'), duration)
    .addOption(endpointOption())
    .addOption(contextOption())
    .addOption(privilegedOption())
    .action((options: RecordOptions) => run(recordCommand(options)));
  program
    .command('shell')
    .description(t('a shell in a container, as `docker exec`; with --vm, a root shell in the VM'))
    .argument('[container...]', t('its name or id; after -- what to run instead of a shell'))
    .addOption(
      new Option('--vm [tree]', t('a root shell in the VM, in the mount tree of its init or of its engine'))
        .choices(['init', 'engine'])
        .conflicts('user'),
    )
    .option('--user <user>', t('in a container: as `docker exec --user`'))
    .addOption(endpointOption())
    .addOption(contextOption())
    .action((words: string[], options: ShellOptions) => run(shellCommand(words, options)));
  const enter = program
    .command('enter')
    .description(
      t('join namespaces of a container or process and run a shell there, as root of the VM or as the target'),
    )
    .argument('<target>', t("a container's name or id, or a pid of the VM"))
    .argument('[command...]', t('what to run instead of a shell, after --'));
  for (const kind of NAMESPACE_KINDS) enter.option(`--${kind}`, t('join its {kind} namespace', { kind }));
  enter
    .option('--root', t('take its root directory; without any of these, all are joined and the root is taken'))
    .addOption(new Option('--as <user>', t('whom to run as')).choices(['root', 'target']).default('root'))
    .addOption(endpointOption())
    .addOption(contextOption())
    .addOption(privilegedOption())
    .action((target: string, command: string[], options: EnterOptions) => run(enterCommand(target, command, options)));
  program
    .command('serve')
    .description(t('the app in a browser on this machine'))
    .option('--port <number>', t('listen on this port of 127.0.0.1; 0 lets the system choose'), port, 0)
    .option('--open', t('open the browser'))
    .action((options: { port: number; open?: boolean }) => run(serveCommand(options)));
  program
    .command('completion')
    .description(t('a script that completes commands and options in your shell'))
    .addArgument(new Argument('<shell>', t('which shell')).choices(SHELLS))
    .action((shell: Shell) => {
      // A script is made once and kept, whatever the language is later.
      run(
        completionCommand(
          shell,
          inEnglish(() => createProgram(version, () => {})),
        ),
      );
    });
  return program;
}
