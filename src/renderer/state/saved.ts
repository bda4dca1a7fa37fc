import * as z from 'zod';
import { FILE_THEMES } from '#core/export/drawing.ts';
import { EXPORT_FORMATS } from '#core/export/formats.ts';
import type { Point, ViewOptions } from '#core/layout/scene.ts';
import { NAMESPACE_KINDS } from '#core/snapshot/namespace.ts';
import { SHOWN } from './state.ts';

const viewSchema = z.object({
  kinds: z.array(z.enum(NAMESPACE_KINDS)),
  hostLinks: z.boolean(),
  services: z.boolean().default(false),
  networks: z.boolean().default(false),
  stopped: z.boolean(),
  helpers: z.boolean(),
  filter: z.string(),
});
const pinsSchema = z.record(z.string(), z.object({ x: z.number(), y: z.number() }));
const exportSchema = z.object({
  format: z.enum(EXPORT_FORMATS.map(({ id }) => id)),
  theme: z.enum(FILE_THEMES),
  scale: z.union([z.literal(1), z.literal(2), z.literal(4)]).nullable(),
  mask: z.boolean(),
  screen: z.boolean(),
});
const stageSchema = z.object({
  shown: z.enum(SHOWN),
  panel: z.boolean(),
  timeLine: z.boolean().default(true),
  cardUse: z.boolean().default(false),
});
type Stage = z.infer<typeof stageSchema>;

/** `sessionStorage` is of one window, and lasts as long as that. */
type Place = 'localStorage' | 'sessionStorage';

/** What is stored may be from another version, or full, or forbidden: then it is as if nothing were stored. */
function load<T>(key: string, schema: z.ZodType<T>, place: Place = 'localStorage'): T | null {
  try {
    const text = window[place].getItem(`bulkhead:${key}`);
    if (text === null) return null;
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function save(key: string, value: unknown, place: Place = 'localStorage'): void {
  try {
    window[place].setItem(`bulkhead:${key}`, JSON.stringify(value));
  } catch {
    // Full or forbidden: the view is only not remembered.
  }
}

/** Each window, and each tab, goes on with its own engine; a new one begins with the last that was chosen anywhere. */
export const loadEndpoint = (): string | null =>
  load('endpoint', z.string(), 'sessionStorage') ?? load('endpoint', z.string());
export function saveEndpoint(endpoint: string): void {
  save('endpoint', endpoint, 'sessionStorage');
  save('endpoint', endpoint);
}
export const loadView = (endpoint: string): ViewOptions | null => load(`view:${endpoint}`, viewSchema);
export const saveView = (endpoint: string, view: ViewOptions): void => save(`view:${endpoint}`, view);
/** Where the user put nodes, by node key. */
export const loadPins = (endpoint: string): Record<string, Point> => load(`pins:${endpoint}`, pinsSchema) ?? {};
export const savePins = (endpoint: string, pins: Record<string, Point>): void => save(`pins:${endpoint}`, pins);
export const loadStage = (): Stage | null => load('stage', stageSchema);
export const saveStage = (stage: Stage): void => save('stage', stage);
/** The table's columns beside the kinds, by name. */
export const loadColumns = (): readonly string[] => load('columns', z.array(z.string())) ?? [];
export const saveColumns = (columns: readonly string[]): void => save('columns', columns);
/** Width of the side panel in pixels. */
export const loadPanelWidth = (): number | null => load('panel-width', z.number());
export const savePanelWidth = (width: number): void => save('panel-width', width);
/** What the user chose for the last file. */
export const loadExport = (): z.infer<typeof exportSchema> | null => load('export', exportSchema);
export const saveExport = (choice: z.infer<typeof exportSchema>): void => save('export', choice);
/** Whether the user has once read what a root shell means. */
export const loadPrivilegeAgreed = (): boolean => load('privilege-agreed', z.literal(true)) ?? false;
export const savePrivilegeAgreed = (): void => save('privilege-agreed', true);
