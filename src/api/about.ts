import * as z from 'zod';

/** What this Bulkhead is made of, and where it keeps its files. */
export const aboutSchema = z.object({
  version: z.string(),
  /** What it runs on, for example `Electron 45.4.1`, `Node.js 20.20.2`. */
  runtime: z.array(z.string()),
  /** The programs that helpers are made of: those that were built. */
  probes: z.array(
    z.object({
      /** In Go's names, as engines say them. */
      arch: z.enum(['amd64', 'arm64']),
      /** Of the file, in hexadecimal digits. */
      sha256: z.string(),
      bytes: z.number(),
    }),
  ),
  settingsFile: z.string(),
  /** Null where no log is written. */
  logFile: z.string().nullable(),
});

export type About = z.infer<typeof aboutSchema>;

/** Licences of Bulkhead and of what it brings along: a title and the whole text each. */
export const licencesSchema = z.array(z.object({ title: z.string(), text: z.string() }));
