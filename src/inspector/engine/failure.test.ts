import { expect, it } from 'vitest';
import { explainFailure, oneLine } from './failure.ts';

const UNIX = 'unix:///run/x.sock';
const SSH = 'ssh://me@box:22/run/x.sock';

it.each([
  ['ENOENT', 'connect ENOENT /run/x.sock', UNIX, /not running: \/run\/x\.sock does not exist\. Start it\./],
  ['ECONNREFUSED', 'connect ECONNREFUSED /run/x.sock', UNIX, /leftover\. Start it\./],
  [
    'ECONNREFUSED',
    'connect ECONNREFUSED 127.0.0.1:1',
    'tcp://127.0.0.1:1',
    /refused\. Start the engine, and check the port/,
  ],
  ['EACCES', 'connect EACCES /run/x.sock', UNIX, /group docker \(sudo usermod/],
  ['EACCES', 'connect EACCES', 'unix:///run/podman/podman.sock', /systemctl --user start podman\.socket/],
  ['ENOTFOUND', 'getaddrinfo ENOTFOUND box', 'tcp://box:1', /Check the name/],
  ['EHOSTUNREACH', 'connect EHOSTUNREACH', 'tcp://10.0.0.1:1', /cannot be reached/],
  ['EINVAL', 'connect EINVAL', UNIX, /path is too long/],
  ['CERT_HAS_EXPIRED', 'certificate has expired', 'tcp://box:1', /expired/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate', 'tcp://box:1', /ca\.pem/],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unable to verify', 'tcp://box:1', /ca\.pem/],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    "does not match certificate's altnames: Host: box. is not cert's CN: other",
    'tcp://box:1',
    /another name \(Host: box/,
  ],
  [
    'EPROTO',
    'write EPROTO 1:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:x',
    'tcp://box:1',
    /does not speak TLS/,
  ],
  [null, 'Client sent an HTTP request to an HTTPS server.', 'tcp://box:1', /wants TLS/],
  ['HPE_INVALID_CONSTANT', 'Parse Error: Expected HTTP/', 'tcp://box:1', /not a Docker engine/],
  [null, 'The program ssh is missing. (spawn ssh ENOENT)', SSH, /Install OpenSSH/],
  [null, 'ssh: No ED25519 host key is known for box\nHost key verification failed.', SSH, /accept it: ssh me@box$/],
  [null, 'ssh: @ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @', SSH, /key has changed/],
  [null, 'ssh: me@box: Permission denied (publickey).', SSH, /ssh-add/],
  [null, 'ssh: sh: 1: docker: not found', SSH, /missing on the remote machine/],
  [null, 'ssh: ssh: Could not resolve hostname box: Name or service not known', SSH, /name is not known/],
  [
    null,
    'ssh: ssh: connect to host box port 22: Connection refused',
    SSH,
    /Connection refused\. Check that the machine runs/,
  ],
  [null, 'client version 1.55 is too old. Minimum supported API version is 1.60', UNIX, /too new .*Update Bulkhead/],
  [
    null,
    'client version 1.55 is too new. Maximum supported API version is 1.41',
    UNIX,
    /older than DOCKER_API_VERSION/,
  ],
])('%s %j at %s', (code, text, address, expected) => {
  expect(explainFailure({ code, text, address })).toMatch(expected);
});

it('tells what it does not know in its own words, on one line and without control characters', () => {
  expect(explainFailure({ code: null, text: 'odd\n\u001b[31mthing', address: UNIX })).toBe('odd [31mthing');
  expect(oneLine('x'.repeat(1_000))).toHaveLength(301);
});

it('says that ssh could not be started, and not that the far side refuses', () => {
  const text = 'The program ssh could not be started (spawn ssh EACCES)';
  expect(explainFailure({ code: 'EACCES', text, address: 'ssh://host' })).toBe(
    'The program ssh could not be started: spawn ssh EACCES.',
  );
});
