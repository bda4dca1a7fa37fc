import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of a key and its certificate, in PEM. */
export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/** An authority of the test's own, made by openssl. */
export interface Authority {
  /** The path of its certificate. */
  readonly ca: string;
  /**
   * A key with a certificate signed by it.
   * @param subject for servers in OpenSSL's notation, for example `IP:127.0.0.1`; null for a client
   * @param days of validity; negative for one that has expired
   */
  issue(name: string, subject: string | null, days?: number): Promise<Pair>;
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Makes an authority in the folder, which must exist. */
export async function createAuthority(folder: string, name: string): Promise<Authority> {
  const path = (file: string) => join(folder, `${name}-${file}`);
  const openssl = (...args: string[]) => run('openssl', args);
  await openssl(
    ...['req', '-x509', ...EC, '-days', '2', '-subj', `/CN=${name}`],
    ...['-keyout', path('key.pem'), '-out', path('ca.pem')],
  );
  return {
    ca: path('ca.pem'),
    async issue(leaf, subject, days = 1) {
      const pair = { cert: path(`${leaf}-cert.pem`), key: path(`${leaf}-key.pem`) };
      const request = path(`${leaf}.csr`);
      const extensions = path(`${leaf}.ext`);
      const usage = subject === null ? 'clientAuth' : `serverAuth\nsubjectAltName=${subject}`;
      await writeFile(extensions, `extendedKeyUsage=${usage}\n`);
      await openssl('req', ...EC, '-subj', `/CN=${leaf}`, '-keyout', pair.key, '-out', request);
      await openssl(
        ...['x509', '-req', '-in', request, '-CA', path('ca.pem'), '-CAkey', path('key.pem'), '-CAcreateserial'],
        ...['-days', String(days), '-extfile', extensions, '-out', pair.cert],
      );
      return pair;
    },
  };
}

/** The files' text: what goes into a context's TLS folder. */
export async function readPair({ cert, key }: Pair): Promise<{ cert: string; key: string }> {
  return { cert: await readFile(cert, 'utf8'), key: await readFile(key, 'utf8') };
}
