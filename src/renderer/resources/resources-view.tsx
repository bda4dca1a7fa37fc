import { useContext } from 'react';
import type { Usage } from '#core/answer/usage.ts';
import { cpuBar, drawnParts, memoryBar, sumsOf, USAGE_PART_NAMES, type UsageBar } from '#core/answer/usage-parts.ts';
import { heldText, wantText } from '#core/answer/usage-report.ts';
import { visibleText } from '#core/text/visible.ts';
import type { UsageSample } from '#core/usage/schema.ts';
import { sentences, t } from '#core/words/words.ts';
import { USE_IS_LIVE } from '../page/measure-use.ts';
import { WorkbenchContext } from '../workbench/workbench.ts';
import { UsageList } from './usage-list.tsx';
import { useUsage } from './use-usage.ts';
import './resources.css';

/** A bar whose parts add up to the whole, and what each colour means. */
function Stack({ bar }: { readonly bar: UsageBar }) {
  const { title, total, text } = bar;
  return (
    <div className="stack">
      <h3>{title}</h3>
      <div className="stack-bar" aria-hidden="true">
        {drawnParts(bar).map(({ name, kind, amount }) => (
          <span
            key={`${kind} ${name}`}
            className={`u-${kind}`}
            style={{ flexGrow: amount / total }}
            title={`${visibleText(name)}: ${text(amount)}`}
          />
        ))}
      </div>
      <ul className="stack-legend">
        {sumsOf(bar).map(([kind, amount]) => (
          <li key={kind}>
            <span className={`patch u-${kind}`} aria-hidden="true" />
            {t(USAGE_PART_NAMES[kind])} <strong>{text(amount)}</strong>{' '}
            <span className="muted">{((amount / total) * 100).toFixed(1)} %</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Machine({ usage, sample }: { readonly usage: Usage; readonly sample: UsageSample }) {
  const { machine } = sample;
  const { pressure } = machine;
  const waited = (percent: number | null) => (percent === null ? t('unknown') : `${percent} %`);
  return (
    <div className="machine-use">
      <Stack bar={memoryBar(usage)} />
      <Stack bar={cpuBar(usage)} />
      <p className="muted">
        {sentences(
          t('Waited in the last 10 s: for processors {cpu}, for memory {memory}, for storage {io}.', {
            cpu: waited(pressure.cpu),
            memory: waited(pressure.memory),
            io: waited(pressure.io),
          }),
          wantText(machine),
        )}
      </p>
      <p className="muted">{heldText(machine)}</p>
    </div>
  );
}

/** Who uses processors, memory, storage and network: the machine's sum first, then everyone. */
export function ResourcesView() {
  const bench = useContext(WorkbenchContext);
  const { usage, sample, moments, error } = useUsage();
  if (bench === null) {
    return (
      <section className="resources empty" aria-label={t('Resources')}>
        <h2>{t('Resources are measured live')}</h2>
        <p>{t(USE_IS_LIVE)}</p>
      </section>
    );
  }
  return (
    <section className="resources" aria-label={t('Resources')}>
      {error !== null && (
        <p className="reason" role="alert">
          {visibleText(error)}
        </p>
      )}
      {usage === null || sample === null ? (
        error === null && <p className="muted waiting">{t('Measuring: a rate needs two samples, a second apart…')}</p>
      ) : (
        <>
          <Machine usage={usage} sample={sample} />
          <UsageList usage={usage} moments={moments} />
        </>
      )}
    </section>
  );
}
