import { atLeast, check } from '#core/answer/check.ts';
import type { CheckFinding, CheckSeverity } from '#core/answer/schemas.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { visibleJson, visibleText } from '#core/text/visible.ts';
import { sentences, t } from '#core/words/words.ts';
import type { ReadOptions } from './commands.ts';
import type { Command } from './context.ts';
import { EXIT } from './exit-codes.ts';
import { readSnapshot } from './read-snapshot.ts';
import { type Tone, tone } from './text.ts';

export interface CheckOptions extends ReadOptions {
  readonly failOn: CheckSeverity;
}

const TONES: Readonly<Record<CheckSeverity, Tone>> = { broken: 'red', danger: 'red', warning: 'yellow', notice: 'dim' };

function line({ code, severity, container, text, evidence, cure }: CheckFinding, colour: boolean): string {
  const who = tone(visibleText(container ?? t('machine')), 'bold', colour);
  const told =
    cure === null
      ? t('{text} [{evidence}]', { text, evidence })
      : t('{text} [{evidence}] Cure: {cure}', { text, evidence, cure });
  return `${t('{severity} {code} {who}: {finding}', {
    severity: tone(t(severity), TONES[severity], colour),
    code,
    who,
    finding: visibleText(told),
  })}\n`;
}

/** What is not as it should be, a line each; ends with 5 when something is at least so bad as `--fail-on` says. */
export function checkCommand(file: string | undefined, options: CheckOptions): Command {
  return async (context) => {
    const snapshot = await readSnapshot(context, file, options, true);
    const all = check(snapshot, analyseSharing(snapshot));
    const bad = atLeast(all, options.failOn);
    if (options.json === true) context.out(`${visibleJson(all, 2)}\n`);
    else {
      for (const finding of bad) context.out(line(finding, context.colour));
      const severity = t(options.failOn);
      const count = all.length - bad.length;
      context.notice(
        sentences(
          bad.length === 0
            ? t('Nothing found that is {severity} or worse.', { severity })
            : t('{count, number} found that is {severity} or worse.', { count: bad.length, severity }),
          count === 0 ? null : t('{count, number} less severe, in --json.', { count }),
        ),
      );
    }
    if (bad.length > 0) return EXIT.found;
    // Without the probe nothing below the engine is known, and that is not a clean result.
    return snapshot.probe === null && snapshot.engine !== null ? EXIT.partial : EXIT.ok;
  };
}
