import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { t } from '#core/words/words.ts';
import { ToldError } from '../told.ts';
import { configFolder, firstLine, nonEmpty } from './configuration.ts';
import type { System } from './system.ts';

/** TLS of one endpoint, as text in PEM. */
export interface TlsMaterial {
  /** Null: the system's own authorities. */
  readonly ca: string | null;
  /** Certificate and key of the client; both or neither. */
  readonly cert: string | null;
  readonly key: string | null;
  /** False: encrypt, but accept whoever answers. */
  readonly verify: boolean;
}

/** TLS settings that the environment gives to the context `default` and to a plain address. */
export async function environmentTls(system: System): Promise<TlsMaterial | null> {
  const verify = nonEmpty(system.env.DOCKER_TLS_VERIFY) !== null;
  if (!verify && nonEmpty(system.env.DOCKER_TLS) === null) return null;
  const folder = nonEmpty(system.env.DOCKER_CERT_PATH) ?? configFolder(system);
  const tls = await readTlsFolder(system, folder, verify);
  if (verify && tls.ca === null) {
    throw new ToldError(() =>
      t(
        'could not read CA certificate {file}: put the file there, or point DOCKER_CERT_PATH at the folder that holds it.',
        { file: join(folder, 'ca.pem') },
      ),
    );
  }
  return tls;
}

export async function readTlsFolder(system: System, folder: string, verify: boolean): Promise<TlsMaterial> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map(async (name) => {
      try {
        return await system.readFile(join(folder, name));
      } catch (error) {
        throw new ToldError(() =>
          t('{path} cannot be read ({reason}): check who may read it.', {
            path: join(folder, name),
            reason: firstLine(error),
          }),
        );
      }
    }),
  );
  return { ca: ca ?? null, cert: cert ?? null, key: key ?? null, verify };
}

/** Null when the files can be used, else why not. Both a missing half and an encrypted key are refused, as docker does. */
export function checkTls(tls: TlsMaterial): string | null {
  if ((tls.cert === null) !== (tls.key === null)) {
    const missing = tls.cert === null ? 'cert.pem' : 'key.pem';
    return t('TLS: {file} is missing beside its counterpart. Put both files there, or neither.', { file: missing });
  }
  if (tls.key !== null && /ENCRYPTED/.test(tls.key)) {
    return t('TLS: the private key is encrypted, which docker does not support. Store it without a passphrase.');
  }
  try {
    createSecureContext({ ca: tls.ca ?? undefined, cert: tls.cert ?? undefined, key: tls.key ?? undefined });
    return null;
  } catch (error) {
    return t('TLS: the certificate files cannot be used ({reason}). Create them again.', { reason: firstLine(error) });
  }
}
