/** The longest frame that is believed, in bytes: Docker's are at most 32 KiB, Podman's as long as what was written. */
const LONGEST_FRAME = 16 * 1024 * 1024;
const HEADER = 8;

/**
 * Takes apart what the engine puts together: output in frames of a type (1 stdout, 2 stderr), three zeros and a length.
 * Chunks may be cut anywhere; output is passed on as it comes. The returned function is false where the bytes are no
 * such frames. Source: moby api/swagger.yaml, "Stream format".
 */
export function createDemultiplexer(
  onOutput: (chunk: Buffer, stream: 'stdout' | 'stderr') => void,
): (chunk: Buffer) => boolean {
  let header = Buffer.alloc(0);
  let left = 0;
  let stream: 'stdout' | 'stderr' = 'stdout';
  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const piece = chunk.subarray(at, at + left);
        at += piece.length;
        left -= piece.length;
        onOutput(piece, stream);
        continue;
      }
      const missing = chunk.subarray(at, at + HEADER - header.length);
      at += missing.length;
      header = Buffer.concat([header, missing]);
      if (header.length < HEADER) continue;
      const type = header.readUInt8(0);
      left = header.readUInt32BE(4);
      header = Buffer.alloc(0);
      if (type > 2 || left > LONGEST_FRAME) return false;
      stream = type === 2 ? 'stderr' : 'stdout';
    }
    return true;
  };
}
