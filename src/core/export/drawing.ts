import * as z from 'zod';
import type { Mark } from '../layout/marks.ts';
import { THEMES, type Theme, type ThemeName } from '../layout/palette.ts';

/** Colours of a file. `transparent`: those of `light`, and nothing painted behind. */
export const FILE_THEMES = ['light', 'dark', 'transparent'] as const satisfies readonly (ThemeName | 'transparent')[];
export type FileTheme = (typeof FILE_THEMES)[number];

/** The colours that a file is drawn with, and what is painted behind everything: `none` for nothing. */
export function fileTheme(name: FileTheme): { readonly theme: Theme; readonly background: string } {
  const theme = THEMES[name === 'transparent' ? 'light' : name];
  return { theme, background: name === 'transparent' ? 'none' : theme.panel };
}

/** Identifies a drawn thing, so that other programs can find it. */
export interface Part {
  /** What it is. */
  readonly className: string;
  /** Names it among those of its class. */
  readonly key: string;
  /** Facts about it for programs, by name. */
  readonly data: Readonly<Record<string, string>>;
  /** Its tooltip; '' for none. */
  readonly title: string;
  readonly marks: readonly Mark[];
}

/** Parts with a place and a scale of their own: a point of theirs times `scale`, and then moved by `x` and `y`. */
export interface Layer {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
  readonly parts: readonly Part[];
}

/** A picture for a file, in pixels, back to front. SVG, PNG and PDF are written from it. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  /** `none` for none. */
  readonly background: string;
  /** On the background, below all layers: title and time. */
  readonly head: readonly Mark[];
  readonly layers: readonly Layer[];
}

const markSchema = z.object({
  tag: z.enum(['rect', 'path', 'circle', 'line', 'text']),
  attrs: z.record(z.string(), z.union([z.string(), z.number()])),
  text: z.exactOptional(z.string()),
});

const partSchema = z.object({
  className: z.string(),
  key: z.string(),
  data: z.record(z.string(), z.string()),
  title: z.string(),
  marks: z.array(markSchema).readonly(),
});

/** A drawing as it is sent through a port. */
export const drawingSchema = z.object({
  width: z.number().positive(),
  height: z.number().positive(),
  title: z.string(),
  description: z.string(),
  background: z.string(),
  head: z.array(markSchema).readonly(),
  layers: z
    .array(
      z.object({
        x: z.number(),
        y: z.number(),
        scale: z.number().positive(),
        parts: z.array(partSchema).readonly(),
      }),
    )
    .readonly(),
});

/** A snapshot's time as files write it. */
export function timeText(takenAt: string): string {
  return takenAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}
