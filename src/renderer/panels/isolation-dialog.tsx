import { useMemo } from 'react';
import type { IsolationCard, IsolationRank } from '#core/answer/isolation-card.ts';
import { visibleText } from '#core/text/visible.ts';
import { commas, t } from '#core/words/words.ts';
import { isolationOf } from '../page/derived.ts';
import { usePage, usePageState } from '../page/page.ts';
import { shownSnapshot } from '../state/state.ts';
import { Copy } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import './findings.css';

const COUNTED: readonly IsolationRank[] = ['danger', 'warning', 'notice', 'unknown'];

const count = ({ lines }: IsolationCard, rank: IsolationRank): number =>
  lines.filter((line) => line.rank === rank).length;

const worst = ({ rank, lines }: IsolationCard): string =>
  commas(lines.filter((line) => line.rank === rank).map(({ title }) => title));

/** All running containers, the least kept apart first. */
export function IsolationDialog({ onClose }: { readonly onClose: () => void }) {
  const page = usePage();
  const snapshot = usePageState(shownSnapshot);
  const cards = useMemo(() => (snapshot === null ? [] : isolationOf(snapshot)), [snapshot]);
  return (
    <Dialog title={t('Isolation')} onClose={onClose}>
      <p className="muted">{t('What each container can do to the machine and to others, the least isolated first.')}</p>
      {cards.length === 0 ? (
        <p>{t('No container runs.')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className="ranked" aria-label={t('Containers by isolation')} tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('Rank')}</th>
                <th scope="col">{t('Container')}</th>
                {COUNTED.map((rank) => (
                  <th key={rank} scope="col" className="number">
                    {t(rank)}
                  </th>
                ))}
                <th scope="col">{t('Worst')}</th>
              </tr>
            </thead>
            <tbody>
              {cards.map((card) => (
                <tr key={card.id}>
                  <td>
                    <span className={`rank ${card.rank}`}>{t(card.rank)}</span>
                  </td>
                  <th scope="row">
                    <button
                      type="button"
                      className="link"
                      onClick={() => {
                        onClose();
                        page.show({ type: 'container', id: card.id });
                      }}
                    >
                      {visibleText(card.container)}
                    </button>
                  </th>
                  {COUNTED.map((rank) => (
                    <td key={rank} className="number">
                      {count(card, rank) || ''}
                    </td>
                  ))}
                  <td className="worst" title={visibleText(worst(card))}>
                    {visibleText(worst(card))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Copy text="bulkhead isolation" label={t('the same as a command')} />
    </Dialog>
  );
}
