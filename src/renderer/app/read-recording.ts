import { blocksOf } from '#core/recording/blocks.ts';
import { CUT_OFF, decodeEntry, endsEarly, NOTHING_BEFORE } from '#core/recording/recording.ts';
import { type Bounds, recordEntry, type Timeline } from '#core/recording/timeline.ts';
import { LARGEST_SNAPSHOT_BYTES, type OnStep } from '#core/snapshot/decode.ts';
import { t } from '#core/words/words.ts';

/** How much of a file is in memory at once. */
const FILE_BOUNDS: Bounds = { time: Number.POSITIVE_INFINITY, bytes: 256 * 1024 * 1024 };
/** The most text that is unpacked from one file, in bytes: a hundred compressed bytes can unpack to many megabytes. */
const MOST_UNPACKED = 2 * 1024 * 1024 * 1024;

interface Read {
  /** Null where there is no moment in it. */
  readonly timeline: Timeline | null;
  /** True where the file is one moment and nothing else: a snapshot, with nothing before or after it to go to. */
  readonly alone: boolean;
  /** What is missing, in a sentence; null where nothing is. */
  readonly problem: string | null;
}

/** One block's text. Rejects where it is no gzip file of UTF-8, or larger than so many bytes. */
async function unpack(block: Uint8Array<ArrayBuffer>, most: number): Promise<{ text: string; bytes: number }> {
  const reader = new Blob([block]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), bytes };
    bytes += value.length;
    if (bytes > most) {
      await reader.cancel();
      throw new RangeError('too large');
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** The moments of a recording's bytes, up to where it is damaged. Throws a sentence for people where it is of another version. */
export async function readRecording(bytes: Uint8Array<ArrayBuffer>, onStep: OnStep = () => {}): Promise<Read> {
  const { blocks, whole } = blocksOf(bytes);
  const alone = blocks.length === 1 && whole === bytes.length;
  let timeline: Timeline | null = null;
  let left = MOST_UNPACKED;
  for (const [index, block] of blocks.entries()) {
    let text: string;
    try {
      const unpacked = await unpack(block as Uint8Array<ArrayBuffer>, Math.min(left, LARGEST_SNAPSHOT_BYTES));
      text = unpacked.text;
      left -= unpacked.bytes;
    } catch (thrown) {
      const why = thrown instanceof RangeError ? t('is larger than what the app unpacks') : t('is damaged');
      return { timeline, alone, problem: endsEarly(index, why) };
    }
    const entry = decodeEntry(text);
    if (typeof entry === 'string') return { timeline, alone, problem: endsEarly(index, entry) };
    timeline = recordEntry(timeline, entry, FILE_BOUNDS);
    if (timeline === null) return { timeline, alone, problem: endsEarly(index, t(NOTHING_BEFORE)) };
    onStep((index + 1) / blocks.length);
  }
  if (whole < bytes.length) return { timeline, alone, problem: t(CUT_OFF) };
  const large = t('Only its end is shown: all of it takes more memory than the app gives a file.');
  return { timeline, alone, problem: timeline?.dropped === 'bytes' ? large : null };
}
