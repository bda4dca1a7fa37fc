import type { SessionStatus } from '#api/contract.ts';
import type { Engine } from '#core/snapshot/snapshot.ts';
import type { RunningProbe } from '../probe/launch.ts';
import type { HelperRefusedError } from '../probe/refusal.ts';

/** What the user is told of a session that is live and not as it should be: what is missing, why, and what may be done. */
type Notice = SessionStatus['notices'][number];

/** The engine keeps back who it is. */
export function withheldNotice(withheld: string | null): Notice[] {
  if (withheld === null) return [];
  const advice = 'Until then the engine’s name, its cgroups and whether it runs without root are unknown.';
  return [{ code: 'info', severity: 'notice', message: withheld, advice }];
}

/**
 * Some containers were not told whole.
 * @param refusal what a proxy said that refuses to tell of them
 */
export function unreadableNotice(count: number, refusal: string | null): Notice[] {
  if (count === 0) return [];
  const what = count === 1 ? '1 container was' : `${count} containers were`;
  if (refusal !== null) {
    const advice = `So of ${count === 1 ? '1 container' : `${count} containers`} only what the list says is shown.`;
    return [{ code: 'containers', severity: 'warning', message: refusal, advice }];
  }
  return [
    {
      code: 'containers',
      severity: 'warning',
      message: `${what} not described by the engine in a way that is understood, or not in time.`,
      advice: 'Of these only what the list says is shown, or nothing. Check what answers there.',
    },
  ];
}

/** Whether the user lets a helper run in an engine: yes, not asked yet, or never in this one. */
export type HelperLeave = 'granted' | 'unasked' | 'never';

/** No helper runs, by the user's choice or because it is not made yet. */
export function helperNotice(leave: Exclude<HelperLeave, 'granted'>): Notice {
  const message =
    leave === 'never'
      ? 'You chose that no helper runs in this engine, so processes and namespaces are unknown.'
      : 'The helper that reads processes and namespaces has not been started yet, so they are unknown.';
  return { code: `helper-${leave}`, severity: 'notice', message, advice: '', action: 'helper' };
}

/** The engine's facts are all that is shown. */
export function refusalNotice(refused: HelperRefusedError): Notice {
  const { code, message, advice, privilegesMayHelp } = refused;
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
        message: `${refused?.message ?? ''} The probe runs on this machine directly instead, with the rights of this program.`,
        advice: root ? 'Nothing is missing.' : 'As root it would see the processes of others too.',
        ...(refused?.privilegesMayHelp === true && !root ? { action: 'privileged-helper' } : {}),
      },
    ];
  }
  const notices: Notice[] = [];
  if (probe.rung === 'privileged') {
    notices.push({
      code: 'privileged',
      severity: 'warning',
      message: `The probe’s helper runs privileged, as you allowed. ${refused?.message ?? ''}`,
      advice: 'It ends with this session.',
    });
  } else if (probe.rung === 'host-user-namespace') {
    notices.push({
      code: 'host-user-namespace',
      severity: 'notice',
      message: 'The probe’s helper runs in the host’s user namespace: the engine refused it in one of its own.',
      advice: 'Nothing is missing.',
    });
  }
  if (engine.rootless) {
    notices.push({
      code: 'rootless',
      severity: 'notice',
      message: 'The engine runs without root, so of other users’ processes only what everybody may read is known.',
      advice: 'To see the rest, use an engine that runs as root.',
    });
  }
  return notices;
}
