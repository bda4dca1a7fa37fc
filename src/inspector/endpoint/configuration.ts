import { join } from 'node:path';
import * as z from 'zod';
import { t } from '#core/words/words.ts';
import { errorText } from '../told.ts';
import type { System } from './system.ts';

/** Where the command line keeps its configuration. */
export function configFolder(system: System): string {
  return nonEmpty(system.env.DOCKER_CONFIG) ?? join(system.home, '.docker');
}

export function nonEmpty(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

export function firstLine(error: unknown): string {
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    if (issue === undefined) return t('wrong contents');
    const place = issue.path.map(String).join('.');
    return place === '' ? issue.message : `${place}: ${issue.message}`;
  }
  return errorText(error).split('\n', 1)[0] ?? '';
}

export function sentence(text: string): string {
  return /[.!?。]$/.test(text) ? text : `${text}.`;
}
