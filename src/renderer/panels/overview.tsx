import { visibleText } from '#core/text/visible.ts';
import { stored } from '#core/words/stored.ts';
import { commas, t } from '#core/words/words.ts';
import { runCommand } from '../commands/run.ts';
import { usePage } from '../page/page.ts';
import { rich } from '../ui/rich.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { MemberLink, type Nav } from './nav.tsx';

/** Findings that are listed; the rest are on their containers. */
const MOST_FINDINGS = 40;

/** What is worth knowing while nothing is selected. */
export function Overview({ nav }: { readonly nav: Nav }) {
  const page = usePage();
  const { snapshot, sharing } = nav;
  const running = snapshot.containers.filter((container) => !container.helper && container.pid !== null).length;
  const worth = sharing.findings.filter(
    (finding) => finding.severity !== 'notice' && nav.containers.get(finding.container)?.helper !== true,
  );
  const between = [...sharing.byNamespace.values()].filter(({ members }) => !members.includes('host')).length;
  return (
    <>
      <h2>{t('Overview')}</h2>
      <dl>
        <dt>{t('Host')}</dt>
        <dd>
          <MemberLink nav={nav} member="host" />{' '}
          <span className="muted">
            {visibleText(commas([snapshot.host.hostname, stored(snapshot.host.what)].filter((each) => each !== '')))}
          </span>
        </dd>
        <dt>{t('Running')}</dt>
        <dd>{t('{n, plural, one {# container} other {# containers}}', { n: running })}</dd>
        <dt>{t('Shared')}</dt>
        <dd>{t('{n, plural, one {# namespace} other {# namespaces}} between containers', { n: between })}</dd>
      </dl>
      {sharing.broken.length > 0 && <ExplainedHeading part="broken" title={t('Broken shares')} />}
      {sharing.broken.map((share) => (
        <p key={`${share.container}:${share.kind}`} className="finding danger">
          <strong>
            <MemberLink nav={nav} member={share.container} /> {share.kind}
          </strong>
          {visibleText(share.text)}
        </p>
      ))}
      {worth.length > 0 && <ExplainedHeading part="isolation" title={t('Worth a look')} />}
      {worth.slice(0, MOST_FINDINGS).map((finding) => (
        <p key={`${finding.container}:${finding.code}`} className={`finding ${finding.severity}`}>
          <strong>
            <MemberLink nav={nav} member={finding.container} /> {visibleText(finding.title)}
          </strong>
        </p>
      ))}
      <div className="tools">
        <button type="button" onClick={() => runCommand('findings', page)}>
          {t('All findings…')}
        </button>
        <button type="button" onClick={() => runCommand('isolation', page)}>
          {t('Isolation, ranked…')}
        </button>
      </div>
      {worth.length > MOST_FINDINGS && (
        <p className="muted">{t('And {count, number} more.', { count: worth.length - MOST_FINDINGS })}</p>
      )}
      <p className="muted">
        {rich('Select a container, a line or a hub to see what stands behind it. Press <kbd>?</kbd> for the keys.', {
          kbd: (inner) => <kbd>{inner}</kbd>,
        })}
      </p>
    </>
  );
}
