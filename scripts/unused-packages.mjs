/**
 * dockerode is bundled, because of what it requires Bulkhead calls nothing: BuildKit sessions (grpc, protobufjs), build
 * contexts (tar-fs, dockerignore) and its own way to the engine (docker-modem with ssh2), in whose place is
 * src/inspector/engine/transport.ts. A bundle with nothing in their place ships none of these 60 packages.
 */
const UNUSED = ['@balena/dockerignore', '@grpc/grpc-js', '@grpc/proto-loader', 'docker-modem', 'protobufjs', 'tar-fs'];

export const unusedPackages = {
  name: 'unused-packages',
  enforce: 'pre',
  resolveId: (id) => (UNUSED.includes(id) ? `\0unused:${id}` : null),
  load: (id) => (id.startsWith('\0unused:') ? 'export default {};' : null),
};
