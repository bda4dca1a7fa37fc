import { commandName } from '#core/enter/command-line.ts';
import { KIND_NAME } from '#core/sharing/describe.ts';
import type { BrokenShare } from '#core/sharing/sharing.ts';
import type { NamespaceKind } from '#core/snapshot/namespace.ts';
import type { Container } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { Copy } from '../ui/copy.tsx';
import { rich } from '../ui/rich.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { dateTime } from '../ui/words.ts';
import { ActButton } from '../workbench/tools.tsx';
import { MemberLink, memberName, NamespaceLink, type Nav } from './nav.tsx';

/** Since when it is broken, as far as the engine's times tell; null if they do not. */
function since(target: Container | undefined): string | null {
  if (target === undefined) return null;
  return target.pid === null ? target.finishedAt : target.startedAt;
}

/** A share that is declared but not in force: what is declared, what is true, since when, and the cure. */
export function BrokenDetails({ nav, share }: { readonly nav: Nav; readonly share: BrokenShare }) {
  const container = nav.containers.get(share.container);
  const target = share.target === null ? undefined : nav.containers.get(share.target);
  const at = since(target);
  const mine = nav.sharing.containers.get(share.container)?.[share.kind].namespace ?? null;
  const theirs =
    share.target === null ? null : (nav.sharing.containers.get(share.target)?.[share.kind].namespace ?? null);
  const stopped = target !== undefined && target.pid === null;
  return (
    <>
      <h2>
        {t('{container}: {kind} is not shared', { container: memberName(nav, share.container), kind: share.kind })}
      </h2>
      <p>{visibleText(share.text)}</p>
      <dl>
        <dt>{t('Declared')}</dt>
        <dd>
          {share.target === null
            ? t('{kind} of a container that is gone', { kind: t(KIND_NAME[share.kind]) })
            : rich('{kind} of {container}', {
                kind: t(KIND_NAME[share.kind]),
                container: <MemberLink nav={nav} member={share.target} />,
              })}
          <div className="muted">{visibleText(share.declared)}</div>
        </dd>
        <dt>{t('Actual')}</dt>
        <dd>
          {mine === null
            ? rich('{container} is in an unknown one', {
                container: <MemberLink nav={nav} member={share.container} />,
              })
            : rich('{container} is in {namespace}', {
                container: <MemberLink nav={nav} member={share.container} />,
                namespace: <NamespaceLink nav={nav} id={mine} />,
              })}
          <div>
            {share.target === null
              ? t('Its owner was removed.')
              : theirs === null
                ? t('{name} is not running, so it has none.', { name: memberName(nav, share.target) })
                : rich('{container} is in {namespace}', {
                    container: memberName(nav, share.target),
                    namespace: <NamespaceLink nav={nav} id={theirs} />,
                  })}
          </div>
        </dd>
        <dt>{t('Since')}</dt>
        <dd>{at === null ? t('unknown') : dateTime(at)}</dd>
      </dl>
      <ExplainedHeading part="mend" title={t('What mends it')} />
      {container !== undefined && target !== undefined ? (
        <>
          <div className="tools">
            {stopped && <ActButton container={target} action="start" />}
            <ActButton container={container} action="restart" />
          </div>
          <div className="commands">
            {stopped && <Copy text={`docker start ${commandName(target)}`} label={t('start command')} />}
            <Copy text={`docker restart ${commandName(container)}`} label={t('restart command')} />
          </div>
        </>
      ) : (
        <p>
          {rich(
            'The container that it names is gone, so a restart fails: remove {container} and run it again with <code>{flag}</code> of one that is there.',
            {
              container: memberName(nav, share.container),
              flag: `--${share.kind === 'net' ? 'network' : share.kind}=container:…`,
              code: (inner) => <code>{inner}</code>,
            },
          )}
        </p>
      )}
    </>
  );
}

/** The share that was selected is not broken any more. */
export function Mended(props: { readonly nav: Nav; readonly container: string; readonly kind: NamespaceKind }) {
  const { nav, container, kind } = props;
  if (!nav.containers.has(container)) {
    return (
      <>
        <h2>{t('Gone')}</h2>
        <p>{t('This container is not there any more.')}</p>
      </>
    );
  }
  return (
    <>
      <h2>{t('Mended')}</h2>
      <p>
        {rich('{container} has the {kind} namespace that it declares.', {
          container: <MemberLink nav={nav} member={container} />,
          kind,
        })}
      </p>
    </>
  );
}
