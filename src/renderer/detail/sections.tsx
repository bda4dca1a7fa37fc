import { useState } from 'react';
import type { Section } from '#core/detail/section.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { Copy } from '../ui/copy.tsx';
import { WhatIs } from '../ui/what-is.tsx';
import { ReachButton } from '../workbench/reach-button.tsx';
import './detail.css';

/** From this many rows on there is a field that filters them. */
const FILTERED_FROM = 15;

function Rows({ section }: { readonly section: Section }) {
  const [wanted, setWanted] = useState('');
  const { title, head, empty } = section;
  const words = wanted
    .toLowerCase()
    .split(' ')
    .filter((word) => word !== '');
  const rows = section.rows
    .map((row, index) => ({ row, place: section.places?.[index] ?? null }))
    .filter(({ row }) => {
      const text = row.join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    });
  const reached = rows.some(({ place }) => place !== null);
  if (section.rows.length === 0) return <p className="muted">{empty}</p>;
  if (head.length === 0) {
    return (
      <dl>
        {section.rows.map(([name = '', value = ''], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name may come twice, and the order does not change
          <div key={index} className="fact">
            <dt>{visibleText(name)}</dt>
            <dd>{visibleText(value)}</dd>
          </div>
        ))}
      </dl>
    );
  }
  return (
    <>
      {section.rows.length >= FILTERED_FROM && (
        <input
          className="detail-filter"
          aria-label={t('Filter: {title}', { title: visibleText(title) })}
          placeholder={t('Filter')}
          value={wanted}
          onChange={(event) => setWanted(event.target.value)}
        />
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className="detail-table" aria-label={visibleText(title)} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {head.map((text) => (
                <th key={text} scope="col">
                  {visibleText(text)}
                </th>
              ))}
              {reached && (
                <th scope="col">
                  <span className="hidden">{t('Reach')}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ row, place }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own
              <tr key={index}>
                {row.map((cell, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
                  <td key={column}>{visibleText(cell)}</td>
                ))}
                {reached && <td>{place !== null && <ReachButton draft={{ from: '', to: place }} />}</td>}
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length === 0 && <p className="muted">{t('Nothing matches the filter.')}</p>}
      </section>
    </>
  );
}

/** Sections of a detail, each with its rows. */
export function Sections({ sections }: { readonly sections: readonly Section[] }) {
  return sections.map((section) => (
    <div key={section.title} className="detail-section with-what">
      <h4>{visibleText(section.title)}</h4>
      <WhatIs part={section.part} title={section.title} />
      <Rows section={section} />
    </div>
  ));
}

/** The command that prints the same. */
export function SameCommand({ target }: { readonly target: string }) {
  return (
    <p className="same">
      <Copy text={`bulkhead inspect ${target}`} label={t('the same as a command')} />
    </p>
  );
}
