import { commandName } from '#core/enter/command-line.ts';
import type { GraphSet } from '#core/layout/scene.ts';
import { KIND_NAME, MEANING } from '#core/sharing/describe.ts';
import { HOST } from '#core/sharing/sharing.ts';
import { visibleText } from '#core/text/visible.ts';
import { firstOf, t } from '#core/words/words.ts';
import { Copy, CopyButton } from '../ui/copy.tsx';
import { rich } from '../ui/rich.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { joinCommand } from './commands.ts';
import { MemberLink, MemberLinks, memberName, NamespaceLink, type Nav } from './nav.tsx';

/** Members that are named in the heading. */
const MOST_NAMED = 3;

/** What a line or hub of the picture means, and the flags that make it. */
export function SetDetails({ nav, set }: { readonly nav: Nav; readonly set: Pick<GraphSet, 'members' | 'strands'> }) {
  const named = set.members.slice(0, MOST_NAMED).map((member) => memberName(nav, member));
  const command = joinCommand(set, nav.sharing, (member) => {
    const container = nav.containers.get(member);
    return container === undefined ? null : commandName(container);
  });
  return (
    <>
      <h2>{firstOf(named, MOST_NAMED, set.members.length)}</h2>
      <p>
        {rich('{members} share {n, plural, one {one namespace} other {# namespaces}}.', {
          members: <MemberLinks nav={nav} members={set.members} />,
          n: set.strands.length,
        })}
      </p>
      {set.strands.map(({ kind, namespace }) => {
        const causes = nav.sharing.byNamespace.get(namespace)?.causes;
        return (
          <section key={namespace} className={`strand k-${kind}`}>
            <h3>
              <span className="swatch" aria-hidden="true" /> {t(KIND_NAME[kind])}
            </h3>
            <div className="row">
              <NamespaceLink nav={nav} id={namespace} />
              <CopyButton text={namespace} label={namespace} />
            </div>
            <p>{t(MEANING[kind])}</p>
            <ul className="members">
              {set.members.map((member) => {
                const cause = causes?.get(member);
                return (
                  <li key={member}>
                    <MemberLink nav={nav} member={member} />
                    {cause !== undefined && cause.text !== cause.flag && (
                      <span className="muted"> {visibleText(cause.text)}</span>
                    )}{' '}
                    {cause?.flag && <Copy text={visibleText(cause.flag)} label={t('docker run flag')} />}
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
      <ExplainedHeading part="another" title={t('Make another one')} />
      {command === null ? (
        <p className="muted">{t('Docker has no flag that joins these; nsenter and unshare do.')}</p>
      ) : (
        <>
          <p className="muted">
            {set.members.includes(HOST)
              ? t("Starts a container in the host's namespaces:")
              : t('Starts a container that shares the same:')}
          </p>
          <Copy text={command} label={t('docker run command')} />
        </>
      )}
    </>
  );
}
