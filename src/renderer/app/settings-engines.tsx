import { type FormEvent, useState } from 'react';
import { type Settings, settingsChangeSchema } from '#api/settings.ts';
import { visibleText } from '#core/text/visible.ts';
import { type PlainMessage, t } from '#core/words/words.ts';
import { usePage } from '../page/page.ts';

/** The engines that no context or usual socket leads to: listed, added and removed. */
export function Engines({ settings }: { readonly settings: Settings }) {
  const { actions, store } = usePage();
  const [name, setName] = useState('');
  const [address, setAddress] = useState('');
  const [failure, setFailure] = useState<PlainMessage | null>(null);
  const { endpoints } = settings;

  async function keep(next: Settings['endpoints']): Promise<void> {
    await actions.changeSettings({ endpoints: next });
    actions.refreshEndpoints();
  }

  function add(event: FormEvent): void {
    event.preventDefault();
    const next = [...endpoints, { name: name.trim(), address: address.trim() }];
    const parsed = settingsChangeSchema.safeParse({ endpoints: next });
    const taken = endpoints.some((each) => each.name === name.trim());
    if (taken || !parsed.success || !/^[a-z]+:\/\//.test(address.trim())) {
      setFailure(
        taken
          ? 'This name is already used.'
          : parsed.success
            ? 'An address begins with unix://, npipe://, tcp:// or ssh://.'
            : 'A name has letters, digits, “.”, “_” and “-”, and begins with a letter or a digit.',
      );
      return;
    }
    setFailure(null);
    setName('');
    setAddress('');
    void keep(next);
  }

  function remove(gone: string): void {
    void keep(endpoints.filter((each) => each.name !== gone));
    store.dispatch({
      type: 'toast',
      toast: { text: () => t('{name} removed', { name: visibleText(gone) }), undo: () => void keep(endpoints) },
    });
  }

  return (
    <section aria-label={t('Engines added by hand')}>
      <h3>{t('Engines added by hand')}</h3>
      <p className="muted">
        {t(
          'Docker’s contexts, DOCKER_HOST and the usual sockets are found automatically. The environment’s TLS settings apply to these addresses.',
        )}
      </p>
      {endpoints.length > 0 && (
        <ul>
          {endpoints.map((each) => (
            <li key={each.name}>
              <span>
                <strong>{visibleText(each.name)}</strong> {visibleText(each.address)}
              </span>
              <button
                type="button"
                aria-label={t('Remove {name}', { name: visibleText(each.name) })}
                onClick={() => remove(each.name)}
              >
                {t('Remove')}
              </button>
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={add} noValidate>
        <label>
          {t('Name')}
          <input value={name} autoComplete="off" spellCheck={false} onChange={({ target }) => setName(target.value)} />
        </label>
        <label>
          {t('Address')}
          <input
            value={address}
            placeholder="ssh://me@server"
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => setAddress(target.value)}
          />
        </label>
        <button type="submit">{t('Add')}</button>
      </form>
      {failure !== null && <p role="alert">{t(failure)}</p>}
    </section>
  );
}
