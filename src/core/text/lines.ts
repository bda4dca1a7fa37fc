/**
 * Takes text in chunks and gives the lines that each chunk completes, without their ends. In place of a line that is longer
 * than `longest` UTF-16 units it gives null once, so that a writer who never ends a line does not fill the memory.
 */
export function createLineReader(longest: number): (chunk: string) => (string | null)[] {
  let pending: string[] = [];
  let length = 0;
  let skipping = false;
  return (chunk) => {
    const lines: (string | null)[] = [];
    const pieces = chunk.split('\n');
    for (const [index, piece] of pieces.entries()) {
      if (!skipping) {
        pending.push(piece);
        length += piece.length;
        if (length > longest) {
          lines.push(null);
          skipping = true;
          pending = [];
        }
      }
      if (index === pieces.length - 1) break;
      if (!skipping) lines.push(pending.join(''));
      pending = [];
      length = 0;
      skipping = false;
    }
    return lines;
  };
}
