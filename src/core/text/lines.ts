/**
 * Takes text in any chunking and gives the lines that each chunk completes, without their ends; null, once, in the place
 * of a line that is longer than `longest` UTF-16 units: others may write without end, and what is kept must not grow.
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
