import { setLanguage, spoken } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';
import { type FileAnswer, messagesOf, type Progress, readBytes } from './read-file.ts';

// The page passes its language as the worker's name.
setLanguage(spoken([self.name]));

/** Says how far it is, where that is a percent further. */
function progressTo(post: (progress: Progress) => void): (progress: Progress) => void {
  let last = '';
  return (progress) => {
    const now = `${progress.step} ${Math.floor(progress.done * 100)}`;
    if (now !== last) post(progress);
    last = now;
  };
}

/** All of a file, piece by piece. */
async function bytesOf(file: File, onProgress: (progress: Progress) => void): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(file.size);
  const reader = file.stream().getReader();
  for (let at = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, at);
    // It may grow while it is read.
    const piece = value.subarray(0, bytes.length - at);
    bytes.set(piece, at);
    at += piece.length;
    onProgress({ type: 'progress', step: 'bytes', done: at / bytes.length });
  }
}

async function read(file: File): Promise<FileAnswer> {
  const onProgress = progressTo((progress) => postMessage(progress));
  try {
    return await readBytes(await bytesOf(file, onProgress), onProgress);
  } catch (thrown) {
    // A folder, or a file that went away.
    return {
      ok: false,
      reason: t('It could not be read ({why}).', { why: thrown instanceof Error ? thrown.message : String(thrown) }),
    };
  }
}

addEventListener('message', (event: MessageEvent<File>) => {
  void read(event.data).then((answer) => {
    for (const message of messagesOf(answer)) postMessage(message);
  });
});
