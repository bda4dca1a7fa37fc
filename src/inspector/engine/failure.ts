/**
 * What a failed connection or a refused request means, and what the user may do. Pure: texts of Node, OpenSSL, OpenSSH
 * and engines in, a sentence or two out. Sources: Node's tls and net error codes; OpenSSH's ssh.c and sshconnect.c;
 * Go's net/http server; moby api/server/middleware/version.go.
 */
import { type PlainMessage, t } from '#core/words/words.ts';
import { notAllowed, notRunning, type Surroundings } from './products.ts';

/** What is known of a failure. */
export interface Failure {
  readonly text: string;
  /** Node's code, for example `ENOENT`; null when there is none. */
  readonly code: string | null;
  /** The address in Docker's notation. */
  readonly address: string;
  /** Null or left out where nobody has looked. */
  readonly around?: Surroundings | null;
}

interface Rule {
  readonly when: RegExp;
  readonly say: PlainMessage | ((failure: Failure) => string);
}

const isSocket = (address: string): boolean => /^(unix|npipe):/.test(address);

/** `unix:///x` as `/x`: what the user can look at. */
const place = (address: string): string => address.replace(/^(unix|npipe):\/\//, '');

/** `ssh://user@host:22/x` as the destination that `ssh` takes. */
const destination = (address: string): string => address.replace(/^ssh:\/\/([^/:]+|[^/]*\]).*$/, '$1');

function denied({ address, around }: Failure): string {
  if (address.startsWith('ssh:'))
    return t('The remote machine refused access to its engine’s socket: use a user who may use it.');
  return notAllowed(place(address), around ?? null);
}

/** Tried in order on `code text`. */
const RULES: readonly Rule[] = [
  // ssh first: its complaints hold the words of the other rules.
  {
    when: /The program ssh could not be started/,
    say: ({ text }) =>
      t('The program ssh could not be started: {reason}.', {
        reason: oneLine(text.replace(/^.*?could not be started \(?/, '').replace(/\)$/, '')),
      }),
  },
  {
    when: /The program ssh is missing/,
    say: 'The program ssh is missing. Install OpenSSH’s client and see that it is on the PATH.',
  },
  {
    when: /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/,
    say: ({ address, text }) =>
      /CHANGED/.test(text)
        ? t('ssh: the host’s key has changed since the last time. Find out why before you connect again.')
        : t('ssh: the host’s key is not known yet. Connect once by hand and accept it: ssh {host}', {
            host: destination(address),
          }),
  },
  {
    when: /^\S* ?ssh: [\s\S]*Permission denied \(/,
    say: ({ address }) =>
      t('ssh: the login was refused. Load your key into the agent (ssh-add) and try by hand: ssh {host}', {
        host: destination(address),
      }),
  },
  {
    when: /docker: (command )?not found|command not found: docker|not recognized as an internal/,
    say: 'ssh: the program docker is missing on the remote machine, or not on the PATH of a login without a terminal. Install it there.',
  },
  { when: /Could not resolve hostname/, say: 'ssh: the host’s name is not known. Check the address.' },
  {
    when: /ssh: [\s\S]*(Connection refused|Connection timed out|No route to host|Network is unreachable)/,
    say: ({ text }) =>
      t('{reason}. Check that the machine runs and its ssh server listens.', { reason: oneLine(text) }),
  },
  {
    when: /ssh: [\s\S]*(Cannot connect to the Docker daemon|no such file or directory|raw stream connection)/i,
    say: 'The login worked, but the engine on the remote machine is not running. Start it there.',
  },
  // TLS.
  {
    when: /CERT_HAS_EXPIRED/,
    say: 'The engine’s TLS certificate has expired. Make a new one for the engine, and check this machine’s clock.',
  },
  { when: /CERT_NOT_YET_VALID/, say: 'The engine’s TLS certificate is not valid yet. Check both machines’ clocks.' },
  {
    when: /SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF|UNABLE_TO_GET_ISSUER|CERT_UNTRUSTED|CERT_SIGNATURE_FAILURE/,
    say: 'The engine’s TLS certificate is signed by an authority that is not trusted here. Give the engine’s own ca.pem (in the context, or in the folder of DOCKER_CERT_PATH).',
  },
  {
    when: /ERR_TLS_CERT_ALTNAME_INVALID/,
    say: ({ text }) =>
      t(
        'The engine’s TLS certificate is for another name ({names}). Use a name that it holds, or make one that holds this name.',
        { names: oneLine(text).replace(/^.*altnames: /, '') },
      ),
  },
  {
    when: /certificate required|bad certificate|alert number (42|116)|unknown ca|alert number 48/i,
    say: 'The engine does not accept the client’s TLS certificate, or none was given. Give cert.pem and key.pem signed by the engine’s authority.',
  },
  {
    when: /wrong version number|packet length too long|ERR_SSL_HTTP_REQUEST/i,
    say: 'The engine does not speak TLS there. Unset DOCKER_TLS_VERIFY and DOCKER_TLS (or take TLS out of the context), or use the engine’s TLS port, usually 2376.',
  },
  {
    when: /HTTP request to an HTTPS server/,
    say: 'The engine wants TLS there. Set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use a context that has the certificates.',
  },
  // Sockets.
  { when: /\bEACCES\b|\bEPERM\b|permission denied/i, say: denied },
  {
    when: /\bENOENT\b/,
    say: ({ address, around }) => notRunning(place(address), 'absent', around ?? null),
  },
  {
    when: /\bECONNREFUSED\b|\bENOTSOCK\b/,
    say: ({ address, around }) =>
      isSocket(address)
        ? notRunning(place(address), 'silent', around ?? null)
        : t('Nobody listens on {address}: connection refused. Start the engine, and check the port.', { address }),
  },
  {
    when: /\bENOTFOUND\b|\bEAI_AGAIN\b/,
    say: ({ address }) => t('The host of {address} is not known. Check the name.', { address }),
  },
  {
    when: /\bEHOSTUNREACH\b|\bENETUNREACH\b|\bETIMEDOUT\b/,
    say: ({ address }) =>
      t('{address} cannot be reached. Check that the machine runs and the network leads there.', { address }),
  },
  {
    when: /\bEINVAL\b|\bENAMETOOLONG\b/,
    say: ({ address }) =>
      t('{path} cannot be a socket: its path is too long. Use a shorter one.', { path: place(address) }),
  },
  // Versions. Docker's words: "client version 1.55 is too old. Minimum supported API version is 1.60".
  {
    when: /client version \S+ is too old/,
    say: ({ text }) =>
      t(
        'The engine is too new for the API version that was asked for ({reason}). Update Bulkhead; where DOCKER_API_VERSION is set, unset it.',
        { reason: oneLine(text) },
      ),
  },
  {
    when: /client version \S+ is too new/,
    say: ({ text }) =>
      t('The engine is older than DOCKER_API_VERSION says ({reason}). Unset it.', { reason: oneLine(text) }),
  },
  { when: /\bHPE_|Parse Error/, say: 'Something answers there, but it is not a Docker engine.' },
  {
    when: /\bECONNRESET\b|\bEPIPE\b|socket hang up/,
    say: 'The connection was closed without an answer: it may not be a Docker engine, or it is one that is shutting down.',
  },
];

/** A sentence or two: what failed and what to do. What no rule knows is told in its own words. */
export function explainFailure(failure: Failure): string {
  const subject = `${failure.code ?? ''} ${failure.text}`;
  const rule = RULES.find(({ when }) => when.test(subject));
  if (rule === undefined) return oneLine(failure.text);
  return typeof rule.say === 'string' ? t(rule.say) : rule.say(failure);
}

/** Text of others, fit for a message: one line, no control characters, not endless. */
export function oneLine(text: string): string {
  const flat = text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .trim()
    .replace(/\.$/, '');
  return flat.length > 300 ? `${flat.slice(0, 300)}…` : flat;
}
