import { setLanguage, spoken } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';
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
      reason: t('It could not be read ({why}).', { why: thrown instanceof Error ? thrown.message : String(thrown) }),
    };
  }
}

addEventListener('message', (event: MessageEvent<File>) => {
  void read(event.data).then((answer) => {
    for (const message of messagesOf(answer)) postMessage(message);
  });
});
