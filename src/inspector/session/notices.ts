import type { SessionStatus } from '#api/contract.ts';
import type { Engine } from '#core/snapshot/snapshot.ts';
import { sentences, t } from '#core/words/words.ts';
import type { RunningProbe } from '../probe/launch.ts';
import type { HelperRefusedError } from '../probe/refusal.ts';
import { errorText, type Said } from '../told.ts';

/** What the user is told of a session that is live and not as it should be: what is missing, why, and what may be done. */
type Notice = SessionStatus['notices'][number];

/** The engine keeps back who it is. */
export function withheldNotice(withheld: Said | null): Notice[] {
  if (withheld === null) return [];
  const advice = t('Until then the engine’s name, its cgroups and whether it runs without root are unknown.');
  return [{ code: 'info', severity: 'notice', message: withheld(), advice }];
}

/**
 * Some containers were not told whole.
 * @param refusal what a proxy said that refuses to tell of them
 */
export function unreadableNotice(count: number, refusal: Said | null): Notice[] {
  if (count === 0) return [];
  if (refusal !== null) {
    const advice = t(
      'So of {count, plural, one {# container} other {# containers}} only what the list says is shown.',
      { count },
    );
    return [{ code: 'containers', severity: 'warning', message: refusal(), advice }];
  }
  return [
    {
      code: 'containers',
      severity: 'warning',
      message: t(
        '{count, plural, one {# container was} other {# containers were}} not described by the engine in a way that is understood, or not in time.',
        { count },
      ),
      advice: t('Of these only what the list says is shown, or nothing. Check what answers there.'),
    },
  ];
}

/** Whether the user lets a helper run in an engine: yes, not asked yet, or never in this one. */
export type HelperLeave = 'granted' | 'unasked' | 'never';

/** No helper runs, by the user's choice or because it is not made yet. */
export function helperNotice(leave: Exclude<HelperLeave, 'granted'>): Notice {
  const message =
    leave === 'never'
      ? t('You chose that no helper runs in this engine, so processes and namespaces are unknown.')
      : t('The helper that reads processes and namespaces has not been started yet, so they are unknown.');
  return { code: `helper-${leave}`, severity: 'notice', message, advice: '', action: 'helper' };
}

/** The engine's facts are all that is shown. */
export function refusalNotice(refused: HelperRefusedError): Notice {
  const { code, advice, privilegesMayHelp } = refused;
  const message = errorText(refused);
  return { code, severity: 'warning', message, advice, ...(privilegesMayHelp ? { action: 'privileged-helper' } : {}) };
}

/** How the probe runs, where it is not as it was tried first; and what an engine without root cannot show. */
export function probeNotices(probe: RunningProbe, engine: Engine): Notice[] {
  const { refused } = probe;
  if (probe.via === 'direct') {
    const root = process.getuid?.() === 0;
    return [
      {
        code: 'direct',
        severity: 'notice',
        message: sentences(
          refused === null ? null : errorText(refused),
          t('The probe runs on this machine directly instead, with the rights of this program.'),
        ),
        advice: root ? t('Nothing is missing.') : t('As root it would see the processes of others too.'),
        ...(refused?.privilegesMayHelp === true && !root ? { action: 'privileged-helper' } : {}),
      },
    ];
  }
  const notices: Notice[] = [];
  if (probe.rung === 'privileged') {
    notices.push({
      code: 'privileged',
      severity: 'warning',
      message: sentences(
        t('The probe’s helper runs privileged, as you allowed.'),
        refused === null ? null : errorText(refused),
      ),
      advice: t('It ends with this session.'),
    });
  } else if (probe.rung === 'host-user-namespace') {
    notices.push({
      code: 'host-user-namespace',
      severity: 'notice',
      message: t('The probe’s helper runs in the host’s user namespace: the engine refused it in one of its own.'),
      advice: t('Nothing is missing.'),
    });
  }
  if (engine.rootless) {
    notices.push({
      code: 'rootless',
      severity: 'notice',
      message: t('The engine runs without root, so of other users’ processes only what everybody may read is known.'),
      advice: t('To see the rest, use an engine that runs as root.'),
    });
  }
  return notices;
}
