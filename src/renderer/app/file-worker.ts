import { setLanguage, spoken } from '#core/words/language.ts';
import { type FileAnswer, messagesOf, readBytes } from './read-file.ts';

// The page gives it its own as its name.
setLanguage(spoken([self.name]));

async function read(file: File): Promise<FileAnswer> {
  try {
    return await readBytes(new Uint8Array(await file.arrayBuffer()));
  } catch (thrown) {
    // A folder, or a file that went away.
    return {
      ok: false,
      reason: `It could not be read (${thrown instanceof Error ? thrown.message : String(thrown)}).`,
    };
  }
}

addEventListener('message', (event: MessageEvent<File>) => {
  void read(event.data).then((answer) => {
    for (const message of messagesOf(answer)) postMessage(message);
  });
});
