import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { visibleText } from '#core/text/visible.ts';
import { setLanguage } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';
import { realSystem } from '#inspector/endpoint/system.ts';
import { languageOf } from '#inspector/settings/language.ts';
import { createSettings } from '#inspector/settings/settings.ts';
import type { Command, Context, InProcess } from './context.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { wantsColour } from './text.ts';

/** A second Ctrl+C, or a clean-up that hangs, ends the process after this long. */
const CLOSE_WITHIN_MS = 5_000;

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(text) as { version?: unknown }).version);
}

/** stdout that ends everything quietly when its reader goes away, as `head` does. */
function watchStdout(stop: AbortController): { broken: () => boolean } {
  let broken = false;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    broken = true;
    if (error.code !== 'EPIPE')
      process.stderr.write(`${t('stdout cannot be written: {reason}', { reason: visibleText(error.message) })}\n`);
    stop.abort();
  });
  return { broken: () => broken };
}

async function execute(command: Command, version: string): Promise<number> {
  const stop = new AbortController();
  const stdout = watchStdout(stop);
  let inspector: Promise<InProcess> | null = null;
  // An uncaught error in one place must not end everything else: only the user ends the process.
  for (const fault of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(fault, (error: unknown) => {
      process.stderr.write(
        `${t('Bulkhead caught an error and keeps running: {reason}', { reason: visibleText(error instanceof Error ? error.message : String(error)) })}\n`,
      );
      void (inspector as Promise<InProcess> | null)?.then(({ fault }) => fault(error)).catch(() => {});
    });
  }
  let interrupts = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      interrupts += 1;
      if (interrupts > 1) process.exit(EXIT.interrupted);
      stop.abort();
    });
  }
  const context: Context = {
    version,
    colour: wantsColour(process.env, process.stdout.isTTY === true),
    stdoutIsTerminal: process.stdout.isTTY === true,
    // A terminal that has no size says 0.
    columns: process.stdout.columns || null,
    terminal: { input: process.stdin, output: process.stdout },
    signal: stop.signal,
    out: (data) => {
      if (!stdout.broken() && data.length > 0) process.stdout.write(data);
    },
    notice: (text) => process.stderr.write(`${text}\n`),
    inspector: (host = 'cli') => {
      inspector ??= import('#inspector/inspector.ts').then(({ createInspector }) =>
        createInspector({ host, version, nativeMenu: false }),
      );
      return inspector;
    },
  };
  try {
    return await command(context);
  } catch (error) {
    if (stdout.broken()) return EXIT.ok;
    if (error instanceof CliError) {
      if (error.exitCode !== EXIT.interrupted) context.notice(error.message);
      return error.exitCode;
    }
    context.notice(visibleText(error instanceof Error ? error.message : String(error)));
    return EXIT.failed;
  } finally {
    const closing = (inspector as Promise<InProcess> | null)?.then((made) => made.close()).catch(() => undefined);
    const limit = new Promise((resolve) => setTimeout(resolve, CLOSE_WITHIN_MS).unref());
    await Promise.race([closing, limit]);
  }
}

/** Waits until stdout has taken everything: `process.exit` would cut a pipe off. */
function drained(): Promise<void> {
  return new Promise((resolve) => {
    if (process.stdout.destroyed || process.stdout.errored !== null) resolve();
    else process.stdout.write('', () => resolve());
  });
}

async function main(): Promise<void> {
  const version = packageVersion();
  const system = realSystem();
  setLanguage(languageOf(await createSettings(system).get(), system));
  let asked: Command | null = null;
  try {
    createProgram(version, (command) => {
      asked = command;
    }).parse(process.argv);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version that were asked for; the help that is shown for wrong use is no success.
    process.exitCode = error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return;
  }
  if (asked === null) return;
  const code = await execute(asked, version);
  await drained();
  process.exit(code);
}

await main();
