import { visibleText } from '#core/text/visible.ts';
import { runCommand } from '../commands/run.ts';
import { usePage } from '../page/page.ts';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { count } from '../ui/words.ts';
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
      <h2>Overview</h2>
      <dl>
        <dt>Host</dt>
        <dd>
          <MemberLink nav={nav} member="host" />{' '}
          <span className="muted">
            {visibleText([snapshot.host.hostname, snapshot.host.what].filter((each) => each !== '').join(', '))}
          </span>
        </dd>
        <dt>Running</dt>
        <dd>{count(running, 'container')}</dd>
        <dt>Shared</dt>
        <dd>{count(between, 'namespace')} between containers</dd>
      </dl>
      {sharing.broken.length > 0 && <ExplainedHeading part="broken" title="Broken shares" />}
      {sharing.broken.map((share) => (
        <p key={`${share.container}:${share.kind}`} className="finding danger">
          <strong>
            <MemberLink nav={nav} member={share.container} /> {share.kind}
          </strong>
          {visibleText(share.text)}
        </p>
      ))}
      {worth.length > 0 && <ExplainedHeading part="isolation" title="Worth a look" />}
      {worth.slice(0, MOST_FINDINGS).map((finding) => (
        <p key={`${finding.container}:${finding.code}`} className={`finding ${finding.severity}`}>
          <strong>
            <MemberLink nav={nav} member={finding.container} /> {visibleText(finding.title)}
          </strong>
        </p>
      ))}
      <div className="tools">
        <button type="button" onClick={() => runCommand('findings', page)}>
          All findings…
        </button>
        <button type="button" onClick={() => runCommand('isolation', page)}>
          Isolation, ranked…
        </button>
      </div>
      {worth.length > MOST_FINDINGS && <p className="muted">And {worth.length - MOST_FINDINGS} more.</p>}
      <p className="muted">
        Select a container, a line or a hub to see what stands behind it. Press <kbd>?</kbd> for the keys.
      </p>
    </>
  );
}
