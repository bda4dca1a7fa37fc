import { COMMANDS, type CommandEntry, labelOf, type PageCommandId } from '#api/commands.ts';
import { usePage } from '../page/page.ts';
import { firstKey } from './keys.ts';
import { applies, runCommand } from './run.ts';

/** Commands as items of a menu of the page. */
export function MenuItems({ ids, close }: { readonly ids: readonly PageCommandId[]; readonly close: () => void }) {
  const page = usePage();
  return ids.map((id) => {
    const key = firstKey(id);
    const entry: CommandEntry | undefined = COMMANDS.find((each) => each.id === id);
    return (
      <button
        key={id}
        type="button"
        role="menuitem"
        tabIndex={-1}
        disabled={!applies(id, page.store.get())}
        onClick={() => {
          close();
          runCommand(id, page);
        }}
      >
        {entry !== undefined && labelOf(entry)}
        {key !== '' && <span className="muted key-hint">{key}</span>}
      </button>
    );
  });
}
