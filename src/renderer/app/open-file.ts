import { LARGEST_SNAPSHOT_BYTES, tooLarge } from '#core/snapshot/decode.ts';
import { visibleText } from '#core/text/visible.ts';
import { language } from '#core/words/language.ts';
import { sentences, t } from '#core/words/words.ts';
import { prepare } from '../page/derived.ts';
import type { Opening } from '../state/state.ts';
import type { Store } from '../state/store.ts';
import { doneOf, type FileAnswer, type FileMessage, gatherAnswer } from './read-file.ts';

/** Reports the progress of opening a file, unless another file was chosen meanwhile. */
function tell(store: Store, opening: Opening): void {
  if (store.get().opening?.cancel === opening.cancel) store.dispatch({ type: 'opening', opening });
}

/**
 * Reads a file in a worker, so that the page stays responsive; `cancel` of the state ends it. Null if it was cancelled.
 */
function read(file: File, store: Store): Promise<FileAnswer | null> {
  const worker = new Worker(new URL('./file-worker.ts', import.meta.url), { type: 'module', name: language() });
  return new Promise<FileAnswer | null>((resolve) => {
    const failed = (why: string): void => resolve({ ok: false, reason: t('It could not be read ({why}).', { why }) });
    const gather = gatherAnswer();
    const cancel = (): void => resolve(null);
    worker.addEventListener('message', (event: MessageEvent<FileMessage>) => {
      if (event.data.type === 'progress') tell(store, { name: file.name, done: doneOf(event.data), cancel });
      const answer = gather(event.data);
      if (answer !== null) resolve(answer);
    });
    worker.addEventListener('messageerror', () => failed(t('it takes more memory than there is')));
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      failed(event.message || t('it takes more memory than there is'));
    });
    store.get().opening?.cancel();
    store.dispatch({ type: 'opening', opening: { name: file.name, done: 0, cancel } });
    worker.postMessage(file);
  }).finally(() => worker.terminate());
}

/**
 * Shows a saved snapshot or a recording, or compares what is shown with it; a file that is neither changes nothing and
 * says why.
 * @param chosen on the page: the host does not know of it yet
 */
export async function openFile(file: File, store: Store, use: 'open' | 'compare', chosen: boolean): Promise<void> {
  const { name } = file;
  const say = (text: string): void => store.dispatch({ type: 'failure', failure: text });
  if (file.size > LARGEST_SNAPSHOT_BYTES) {
    say(sentences(t('{name} cannot be opened.', { name: visibleText(name) }), tooLarge(file.size)));
    return;
  }
  const answer = await read(file, store);
  // It was cancelled, or another file was asked for.
  if (answer === null) return;
  const { opening } = store.get();
  if (answer.ok && use === 'open') {
    if (opening !== null) tell(store, { ...opening, done: null });
    await prepare(answer.snapshot, store.get().view);
  }
  if (store.get().opening?.cancel !== opening?.cancel) return;
  store.dispatch({ type: 'opening', opening: null });
  if (!answer.ok) {
    say(sentences(t('{name} cannot be opened.', { name: visibleText(name) }), answer.reason));
    return;
  }
  if (chosen) window.bulkhead?.opened(file);
  const { snapshot, timeline, problem } = answer;
  if (use === 'compare') store.dispatch({ type: 'compare', name, snapshot });
  else store.dispatch({ type: 'open-file', name, snapshot, ...(timeline === null ? {} : { timeline }) });
  if (problem !== null) say(t('{name}: {problem}', { name: visibleText(name), problem }));
}

/** Asks for a file of a snapshot or a recording. */
export function pickFile(store: Store, use: 'open' | 'compare'): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,application/json,.bulkhead';
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file !== undefined) void openFile(file, store, use, true);
  });
  input.click();
}
