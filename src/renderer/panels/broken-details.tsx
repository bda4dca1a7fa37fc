import { commandName } from '#core/enter/command-line.ts';
import { KIND_NAME } from '#core/sharing/describe.ts';
import type { BrokenShare } from '#core/sharing/sharing.ts';
import type { NamespaceKind } from '#core/snapshot/namespace.ts';
import type { Container } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { Copy } from '../ui/copy.tsx';
import { ExplainedHeading } from '../ui/what-is.tsx';
import { dateTime } from '../ui/words.ts';
import { ActButton } from '../workbench/tools.tsx';
import { MemberLink, memberName, NamespaceLink, type Nav } from './nav.tsx';

/** Since when it is so, as far as the engine's times tell; null where they do not. */
function since(target: Container | undefined): string | null {
  if (target === undefined) return null;
  return target.pid === null ? target.finishedAt : target.startedAt;
}

/** A share that is declared and not in force: what is said, what is, since when, and what mends it. */
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
        {memberName(nav, share.container)}: {share.kind} is not shared
      </h2>
      <p>{visibleText(share.text)}</p>
      <dl>
        <dt>Declared</dt>
        <dd>
          {t(KIND_NAME[share.kind])} of{' '}
          {share.target === null ? 'a container that is gone' : <MemberLink nav={nav} member={share.target} />}
          <div className="muted">{visibleText(share.declared)}</div>
        </dd>
        <dt>Actual</dt>
        <dd>
          <MemberLink nav={nav} member={share.container} /> is in{' '}
          {mine === null ? 'an unknown one' : <NamespaceLink nav={nav} id={mine} />}
          <div>
            {share.target === null
              ? 'Its owner was removed.'
              : theirs === null
                ? `${memberName(nav, share.target)} has none: it does not run.`
                : null}
            {share.target !== null && theirs !== null && (
              <>
                {memberName(nav, share.target)} is in <NamespaceLink nav={nav} id={theirs} />
              </>
            )}
          </div>
        </dd>
        <dt>Since</dt>
        <dd>{at === null ? 'unknown' : dateTime(at)}</dd>
      </dl>
      <ExplainedHeading part="mend" title="What mends it" />
      {container !== undefined && target !== undefined ? (
        <>
          <div className="tools">
            {stopped && <ActButton container={target} action="start" />}
            <ActButton container={container} action="restart" />
          </div>
          <div className="commands">
            {stopped && <Copy text={`docker start ${commandName(target)}`} label="start command" />}
            <Copy text={`docker restart ${commandName(container)}`} label="restart command" />
          </div>
        </>
      ) : (
        <p>
          The container that it names is gone, so a restart fails: remove {memberName(nav, share.container)} and run it
          again with <code>{visibleText(`--${share.kind === 'net' ? 'network' : share.kind}=container:…`)}</code> of one
          that is there.
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
        <h2>Gone</h2>
        <p>This container is not there any more.</p>
      </>
    );
  }
  return (
    <>
      <h2>Mended</h2>
      <p>
        <MemberLink nav={nav} member={container} /> has the {kind} namespace that it declares.
      </p>
    </>
  );
}
