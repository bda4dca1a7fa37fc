import type { IncomingHttpHeaders } from 'node:http';
import { t } from '#core/words/words.ts';
import type { Said } from '../told.ts';
import { explainFailure, oneLine } from './failure.ts';

/** The answer to `GET /_ping`, from whatever answers. */
export interface PingAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The start of it. */
  readonly body: string;
}

/** The oldest version that can do what we ask: `AutoRemove`, which removes the helper, is of API 1.25 (Docker 1.13). */
const OLDEST = '1.25';
/** The newest whose answers are known here. Source: moby api/docs/CHANGELOG.md (Docker 29.7). */
const NEWEST = '1.55';

export type Negotiated =
  | { readonly ok: true; readonly version: string }
  /** The reason says what to do. */
  | { readonly ok: false; readonly reason: Said };

/** An API version as one number that compares as the versions do; NaN when the text is none. */
function rank(version: string): number {
  const [, major, minor] = /^(\d{1,5})\.(\d{1,5})$/.exec(version) ?? [];
  return Number(major) * 100_000 + Number(minor);
}

function header(answer: PingAnswer, name: string): string {
  const value = answer.headers[name];
  return typeof value === 'string' ? value : '';
}

/**
 * The API version to speak: the lower one of ours and the engine's, as the docker command line does it.
 * Source: moby client/ping.go and client/client.go (negotiateAPIVersionPing).
 * @param wanted `DOCKER_API_VERSION`: used as it is
 */
export function negotiate(answer: PingAnswer, wanted: string | null): Negotiated {
  const server = header(answer, 'server');
  const theirs = header(answer, 'api-version');
  const { status } = answer;
  const isEngine = theirs !== '' || /^(Docker|Libpod)\//.test(server) || header(answer, 'libpod-api-version') !== '';
  if (answer.status >= 400 && /manually paused/i.test(answer.body)) {
    return refuse(() => t('Docker Desktop is paused. Resume it in the menu of its whale, or in its window.'));
  }
  if (!isEngine) {
    if (/HTTP request to an HTTPS server/.test(answer.body)) {
      return refuse(() => explainFailure({ text: answer.body, code: null, address: '' }));
    }
    if (answer.status === 401 || answer.status === 403) {
      return refuse(() =>
        t(
          'Something in front of the engine refuses GET /_ping (HTTP {status}). A filtering proxy needs PING=1 and VERSION=1; else ask who runs it.',
          { status },
        ),
      );
    }
    if (answer.status >= 400) {
      return refuse(() =>
        t(
          'Something answers there, but it is not a Docker engine: GET /_ping gives HTTP {status}. Check the address; a proxy in front of an engine must let that through.',
          { status },
        ),
      );
    }
    return refuse(() => t('Something answers there, but it is not a Docker engine. Check the address.'));
  }
  if (answer.status >= 400) {
    // Docker Desktop says so while it starts, or sleeps.
    return refuse(() =>
      t('The engine answers with an error (HTTP {status}): {reason}. Wait until it has started, or restart it.', {
        status,
        reason: oneLine(answer.body),
      }),
    );
  }
  if (/^windows$/i.test(header(answer, 'ostype'))) {
    return refuse(() =>
      t(
        'This engine runs Windows containers, which have no Linux namespaces. Switch to Linux containers in Docker Desktop’s menu.',
      ),
    );
  }
  if (wanted !== null) {
    if (/^\d+\.\d+$/.test(wanted)) return { ok: true, version: wanted };
    return refuse(() =>
      t('DOCKER_API_VERSION is {value}, which is not a version such as 1.44. Correct or unset it.', {
        value: JSON.stringify(wanted),
      }),
    );
  }
  if (theirs === '') return { ok: true, version: OLDEST };
  if (Number.isNaN(rank(theirs))) {
    return refuse(() =>
      t('The engine names {value} as its API version. Check what answers there.', {
        value: JSON.stringify(oneLine(theirs)),
      }),
    );
  }
  if (rank(theirs) < rank(OLDEST)) {
    return refuse(() =>
      t('The engine is too old: it speaks API {version}, and Bulkhead needs {oldest}. Update the engine.', {
        version: theirs,
        oldest: OLDEST,
      }),
    );
  }
  return { ok: true, version: rank(theirs) < rank(NEWEST) ? theirs : NEWEST };
}

function refuse(reason: Said): Negotiated {
  return { ok: false, reason };
}
