import type { BrokenShare, Cause, MemberId, SharedNamespace } from '../sharing/sharing.ts';
import type { NamespaceKind } from '../snapshot/namespace.ts';
import { t } from '../words/words.ts';

/** What a cause is called beside a line, as short as Docker says it. */
function shortReason({ code, text, flag, pod }: Cause): string {
  if (code === 'compose') return text.replace(/^compose [^:]*: /, '');
  if (code === 'pod' && pod !== undefined) return t('pod {pod}', { pod });
  if (code === 'joined-at-run-time') return t('joined at run time');
  if (code === 'engine-default') return t('engine default');
  return flag ?? text;
}

/** `--network=container:web1` and `--pid=container:web1` have `container:web1` in common. */
function withoutOption(reason: string): string {
  return reason.replace(/^--\w+=|^(network_mode|pid|ipc): /, '');
}

const unique = (texts: readonly string[]): string[] => [...new Set(texts.filter((text) => text !== ''))];

/** The wordings of a line from the longest to the shortest: kinds with their reasons, down to the kinds alone. */
export function wordings(kinds: readonly NamespaceKind[], reasons: readonly string[]): readonly string[] {
  const names = kinds.join(', ');
  const whole = unique(reasons);
  const brief = unique(reasons.map(withoutOption));
  const out = [whole, brief].filter(({ length }) => length > 0).map((list) => `${names} · ${list.join(' ')}`);
  return unique(brief.length > 1 ? [out[0] ?? '', names] : [...out, names]);
}

const JOINS: ReadonlySet<Cause['code']> = new Set(['container-mode', 'compose', 'joined-at-run-time']);

/** Whose a shared namespace was, and the words for the line that says so. */
export function storyOf(
  shared: readonly SharedNamespace[],
  members: readonly MemberId[],
): { owner: MemberId | null; texts: readonly string[] } {
  let owner: MemberId | null = null;
  const reasons: string[] = [];
  for (const { causes } of shared) {
    // In a pod the container that all others name is as much the owner as outside of one.
    const unnamed = members.filter((member) => !JOINS.has(causes.get(member)?.code ?? 'owner'));
    if (unnamed.length === 1) owner ??= unnamed[0] ?? null;
    for (const member of members) {
      const cause = causes.get(member);
      if (cause === undefined) continue;
      if (cause.code === 'owner') owner ??= member;
      else if (member === owner) continue;
      else if (reasons.length < 4) {
        const reason = shortReason(cause);
        if (!reasons.includes(reason)) reasons.push(reason);
      }
    }
  }
  return {
    owner,
    texts: wordings(
      shared.map(({ kind }) => kind),
      reasons,
    ),
  };
}

/** Why a share is not in force, in three words. */
export function brokenTexts(
  { kind, target }: BrokenShare,
  targetName: string | null,
  targetRuns: boolean,
): readonly string[] {
  const told = (...whats: readonly string[]) => whats.map((what) => `${kind} · ${what}`);
  if (target === null || targetName === null) return told(t('its owner is gone'), t('gone'));
  return targetRuns
    ? told(t('{name} was restarted', { name: targetName }), t('was restarted'))
    : told(t('{name} has stopped', { name: targetName }), t('has stopped'));
}

/** Whether something that is shared with the machine was asked for: what the engine leaves there by default was not. */
export function byChoice(cause: Cause | null): boolean {
  return cause !== null && cause.code !== 'engine-default' && cause.code !== 'host-itself';
}

export function reasonOf(cause: Cause | null): string | null {
  return cause === null || cause.code === 'owner' ? null : shortReason(cause);
}
