import * as z from 'zod';
import { LANGUAGES } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';

/** Seconds between two looks at a quiet machine. */
export const INTERVALS = [0.5, 1, 2, 5, 10] as const;
export const THEME_CHOICES = ['system', 'light', 'dark'] as const;
export const LANGUAGE_CHOICES = ['system', ...LANGUAGES] as const;

/** Minutes of what was seen that the app keeps, to be looked at again; 0 for none. */
export const KEPT_MINUTES = [0, 10, 60] as const;
/** `start`: at each start. Whatever is found is fetched and installed only when the user says so. */
export const UPDATE_CHOICES = ['never', 'start'] as const;

/** An engine that the user has added by hand. */
const addedEndpointSchema = z.object({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, { error: () => t('A name has letters, digits, “.”, “_” and “-”.') }),
  address: z.string().min(1).max(1_000),
});

const theme = z.enum(THEME_CHOICES);
const language = z.enum(LANGUAGE_CHOICES);
const interval = z.literal(INTERVALS);
const keep = z.literal(KEPT_MINUTES);
const updates = z.enum(UPDATE_CHOICES);
const tray = z.boolean();
const helper = z.object({
  /** What the helper is and may do has been said, and the user has agreed. */
  agreed: z.boolean(),
  /** Ids of endpoints in which no helper may run. */
  never: z.array(z.string()),
});
const endpoints = z.array(addedEndpointSchema);

/** A change of some settings: here everything must be right. */
export const settingsChangeSchema = z.object({
  theme: theme.exactOptional(),
  language: language.exactOptional(),
  interval: interval.exactOptional(),
  keep: keep.exactOptional(),
  updates: updates.exactOptional(),
  tray: tray.exactOptional(),
  welcomed: z.boolean().exactOptional(),
  helper: helper.exactOptional(),
  endpoints: endpoints.exactOptional(),
});

export type SettingsChange = z.infer<typeof settingsChangeSchema>;

/**
 * What the user has chosen, as the file of settings holds it. A value that is missing or not understood is as if it had
 * never been chosen: it costs no other.
 */
export const settingsSchema = z.object({
  theme: theme.catch('system'),
  language: language.catch('system'),
  interval: interval.catch(1),
  keep: keep.catch(10),
  /** Whether releases are looked for without being asked. */
  updates: updates.catch('never'),
  /** An entry in the menu bar or beside the clock, with which the app stays when its last window is closed. */
  tray: tray.catch(false),
  /** The first page has been read. */
  welcomed: z.boolean().catch(false),
  helper: z
    .object({
      agreed: helper.shape.agreed.catch(false),
      never: helper.shape.never.catch([]),
    })
    .catch({ agreed: false, never: [] }),
  endpoints: endpoints.catch([]),
});

export type Settings = z.infer<typeof settingsSchema>;

export const DEFAULT_SETTINGS: Settings = settingsSchema.parse({});
