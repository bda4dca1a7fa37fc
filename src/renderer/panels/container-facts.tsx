import { useContext, useEffect, useState } from 'react';
import type { Container } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { Fold } from '../ui/fold.tsx';
import { WorkbenchContext } from '../workbench/workbench.ts';

function Facts({ rows }: { readonly rows: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl className="facts">
      {rows.map(([name, value], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a name may come twice, and the order does not change
        <div key={index}>
          <dt>{visibleText(name)}</dt>
          <dd>{visibleText(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function mountText({ type, name, source, readOnly }: Container['mounts'][number]): string {
  const from = name === null ? `${type} ${source}` : t('volume {name}', { name });
  return readOnly ? t('{mount}, read only', { mount: from }) : from;
}

/** Mounts and volumes, environment and labels of a container, each folded away. */
export function ContainerFacts({ container }: { readonly container: Container }) {
  const bench = useContext(WorkbenchContext);
  const labels = Object.entries(container.labels);
  return (
    <>
      <Fold
        part="mounts"
        title={
          container.mounts.length === 0
            ? t('No mounts or volumes')
            : t('{n, plural, one {# mount} other {# mounts}}', { n: container.mounts.length })
        }
      >
        {container.mounts.length === 0 ? (
          <p className="muted">{t("It has only its image's file system, and what is written into it.")}</p>
        ) : (
          <Facts rows={container.mounts.map((mount) => [mount.destination, mountText(mount)])} />
        )}
      </Fold>
      {bench !== null && (
        <Fold title={t('Environment')} part="environment">
          <Environment id={container.id} />
        </Fold>
      )}
      {labels.length > 0 && (
        <Fold part="labels" title={t('{n, plural, one {# label} other {# labels}}', { n: labels.length })}>
          <Facts rows={labels} />
        </Fold>
      )}
    </>
  );
}

/** Asked of the engine when it is opened, and kept nowhere. The values are shown only on request: they may be secrets. */
function Environment({ id }: { readonly id: string }) {
  const bench = useContext(WorkbenchContext);
  const [variables, setVariables] = useState<readonly (readonly [string, string])[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [shown, setShown] = useState(false);
  const endpoint = bench?.endpoint ?? null;
  const backend = bench?.backend;
  useEffect(() => {
    if (endpoint === null || backend === undefined) return;
    let stopped = false;
    backend.request('container.environment', { endpoint, id }).then(
      (answer) => {
        if (!stopped) setVariables(answer.variables.map(({ name, value }) => [name, value]));
      },
      (thrown) => {
        if (!stopped) setFailure(thrown instanceof Error ? thrown.message : String(thrown));
      },
    );
    return () => {
      stopped = true;
    };
  }, [endpoint, backend, id]);
  if (failure !== null) {
    return (
      <p className="reason" role="alert">
        {visibleText(failure)}
      </p>
    );
  }
  if (variables === null) return <p className="muted">{t('Asking the engine…')}</p>;
  if (variables.length === 0) return <p className="muted">{t('None is set.')}</p>;
  return (
    <>
      <button type="button" aria-pressed={shown} onClick={() => setShown(!shown)}>
        {shown ? t('Hide values') : t('Show values')}
      </button>
      <Facts rows={variables.map(([name, value]) => [name, shown ? value : '••••••'])} />
    </>
  );
}
