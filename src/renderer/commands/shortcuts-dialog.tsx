import { Fragment } from 'react';
import { COMMANDS, type CommandScope, helpOf, keysOf, labelOf } from '#api/commands.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import { Dialog } from '../ui/dialog.tsx';
import { APPLE, keyText } from './keys.ts';

const TITLES: readonly (readonly [CommandScope, PlainMessage])[] = [
  ['page', 'Everywhere'],
  ['picture', 'In the picture'],
  ['list', 'In tables, lists and levels'],
  ['timeline', 'In the timeline'],
  ['terminal', 'In a terminal'],
];

interface Line {
  /** Any of them; where `through`, all from the first to the second. */
  readonly keys: readonly string[];
  readonly through: boolean;
  readonly meaning: string;
}

/** The commands of a part with their keys; those with one `help` are one line, from the first key to the last. */
function linesOf(scope: CommandScope): Line[] {
  const entries = COMMANDS.filter((entry) => entry.scope === scope && keysOf(entry, APPLE).length > 0);
  const done = new Set<string>();
  return entries.flatMap((entry): Line[] => {
    const own = keysOf(entry, APPLE);
    if (entry.help === undefined) {
      return [{ keys: own.map((key) => keyText(key)), through: false, meaning: labelOf(entry) }];
    }
    if (done.has(entry.help)) return [];
    done.add(entry.help);
    const all = entries.filter((each) => each.help === entry.help).flatMap((each) => keysOf(each, APPLE));
    const ends = [all[0] ?? '', all.at(-1) ?? ''].map((key) => keyText(key));
    return [{ keys: ends, through: true, meaning: helpOf(entry.help) }];
  });
}

/** Every key, as the table of commands has it. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t('Keyboard shortcuts')} onClose={onClose}>
      <div className="shortcuts">
        {TITLES.map(([scope, title]) => (
          <section key={scope}>
            <h3>{t(title)}</h3>
            <dl>
              {linesOf(scope).map(({ keys, through, meaning }) => (
                <div key={`${keys} ${meaning}`}>
                  <dt>
                    {keys.map((key, index) => (
                      <Fragment key={key}>
                        {index > 0 && (through ? ' … ' : ' ')}
                        <kbd>{key}</kbd>
                      </Fragment>
                    ))}
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="muted">{t('Single letters do nothing while you type in a field.')}</p>
    </Dialog>
  );
}
