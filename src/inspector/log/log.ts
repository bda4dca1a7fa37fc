import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, posix, win32 } from 'node:path';
import { visibleText } from '#core/text/visible.ts';
import type { System } from '../endpoint/system.ts';

type Places = Pick<System, 'env' | 'home' | 'platform'>;

/** Bytes of one file. When it is full it becomes `….old`, in the place of the one before: no more than twice this is kept. */
const FILE_BYTES = 512 * 1024;
/** Characters of one message: engines may answer with pages. */
const MESSAGE_LENGTH = 600;
/** Entries that are kept in memory for diagnostics. */
const RECENT = 60;

/** Where a platform keeps the log of a program. */
export function logFile({ env, home, platform }: Places): string {
  if (platform === 'win32') {
    const local = env.LOCALAPPDATA;
    const base = local !== undefined && win32.isAbsolute(local) ? local : win32.join(home, 'AppData', 'Local');
    return win32.join(base, 'Bulkhead', 'Logs', 'bulkhead.log');
  }
  if (platform === 'darwin') return posix.join(home, 'Library/Logs/Bulkhead/bulkhead.log');
  const state = env.XDG_STATE_HOME;
  const base = state !== undefined && posix.isAbsolute(state) ? state : posix.join(home, '.local/state');
  return posix.join(base, 'bulkhead', 'bulkhead.log');
}

/** What may be a secret in a text: credentials of an address, and the value of what is called a secret. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, '$1…@')
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 …')
    .replace(
      /([\w-]*(?:token|passwor[dt]|passwd|secret|api[_-]?key|authorization|auth)[\w-]*["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,;&]+)/gi,
      '$1…',
    );
}

export interface LogEntry {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** What happened, in Bulkhead's own words: never a text of others. */
  readonly event: string;
}

export interface Log {
  readonly file: string;
  /** The newest entries of this start, without their messages, the oldest first. */
  readonly recent: readonly LogEntry[];
  /**
   * @param event of a fixed set, with dots, for example `session.stale`
   * @param message may name engines and containers; secrets are taken out of it
   */
  write(event: string, message?: string): void;
}

/** A log of what Bulkhead did, for its user alone. That it cannot be written is no reason to stop anything. */
export function createLog(places: Places, fileBytes = FILE_BYTES): Log {
  const file = logFile(places);
  const recent: LogEntry[] = [];
  return {
    file,
    recent,
    write(event, message = '') {
      const time = new Date().toISOString();
      recent.push({ time, event });
      if (recent.length > RECENT) recent.shift();
      const text = visibleText(withoutSecrets(message.slice(0, 4 * MESSAGE_LENGTH))).slice(0, MESSAGE_LENGTH);
      try {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
        if (size >= fileBytes) renameSync(file, `${file}.old`);
        appendFileSync(file, `${time} ${event}${text === '' ? '' : ` ${text}`}\n`, { mode: 0o600 });
      } catch {
        // A full or read-only disk.
      }
    },
  };
}
