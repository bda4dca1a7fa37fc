import { useEffect } from 'react';
import { isTextField, pageCommand } from '../commands/keys.ts';
import { applies, runCommand } from '../commands/run.ts';
import { usePage } from '../page/page.ts';
import { openFile } from './open-file.ts';
import { showContainer } from './show-container.ts';

/** Runs the commands of keys that no part of the page took for itself, and those of the host's menus. */
export function useCommands(): void {
  const page = usePage();
  useEffect(
    () =>
      page.actions.onCommand((id, file, container) => {
        if (file !== null) void openFile(file, page.store, 'open', false);
        else if (container !== null) showContainer(container, page);
        else runCommand(id, page);
      }),
    [page],
  );
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      // A dialog has its own keys, and closes by its own.
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      const state = page.store.get();
      const id = pageCommand(event, state.app?.nativeMenu === true, isTextField(event.target));
      if (id === null || !applies(id, state)) return;
      event.preventDefault();
      runCommand(id, page);
    };
    document.addEventListener('keydown', key);
    return () => document.removeEventListener('keydown', key);
  }, [page]);
}
