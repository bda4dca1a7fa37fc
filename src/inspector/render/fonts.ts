import { type Dirent, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { create, type Font } from 'fontkit';
import { t } from '#core/words/words.ts';
import { ToldError } from '../told.ts';

/** A font that a file is drawn with. */
export interface FontFile {
  readonly data: Uint8Array;
  /** Which of a collection's fonts it is; null in a file with one. */
  readonly face: string | null;
}

/** Fonts for a text, and what none of them can draw. */
export interface Fonts {
  readonly regular: FontFile;
  readonly bold: FontFile;
  /** Of this machine, for what those two lack; in the order in which they are asked. */
  readonly more: readonly FontFile[];
  /** The characters of `more`, each with the index of its font there. */
  readonly byCharacter: ReadonlyMap<string, number>;
  /** Each character that no font has a shape for, once. */
  readonly missing: string;
}

/** Where systems keep fonts. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ['/System/Library/Fonts', '/Library/Fonts', join(homedir(), 'Library/Fonts')],
  win32: [join(process.env.WINDIR ?? 'C:\\Windows', 'Fonts')],
  linux: [
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    join(homedir(), '.local/share/fonts'),
    join(homedir(), '.fonts'),
  ],
};

/** Fonts with many scripts or with emoji, the best first; others are asked after these, in the order of their names. */
const KNOWN = [
  /^NotoSansCJK.*Regular/i,
  /^NotoSans(SC|JP|TC|KR).*Regular/i,
  /^(PingFang|Hiragino Sans GB|AppleSDGothicNeo|msyh|YuGoth|msgothic|malgun|arialuni|Arial Unicode)/i,
  /^(wqy|DroidSansFallback|NanumGothic\.|UnDotum\.|SourceHanSans.*Regular|unifont)/i,
  /^(NotoEmoji|Symbola|seguiemj|seguisym)/i,
  /^Noto(Sans|Naskh)[A-Za-z]*-Regular/i,
];
/** Files looked into at most for one text, and the largest that is read. */
const MOST_FILES = 80;
const DEEPEST = 6;
const LARGEST_FILE = 64 * 1024 * 1024;

function filesBelow(folder: string, depth: number, out: string[]): void {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries) {
    if (entry.isDirectory() && depth < DEEPEST) filesBelow(join(folder, entry.name), depth + 1, out);
    else if (/\.(ttf|otf|ttc|otc)$/i.test(entry.name)) out.push(join(folder, entry.name));
  }
}

const nameOf = (file: string): string => file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);

/** The fonts of this machine in the order in which they are asked. */
function systemFonts(): string[] {
  const files: string[] = [];
  for (const folder of FOLDERS[process.platform] ?? []) filesBelow(folder, 0, files);
  const rank = (file: string): number => {
    const at = KNOWN.findIndex((pattern) => pattern.test(nameOf(file)));
    return at < 0 ? KNOWN.length : at;
  };
  // By code units, so that the same machine always chooses the same.
  return files.sort((a, b) => rank(a) - rank(b) || (nameOf(a) < nameOf(b) ? -1 : 1)).slice(0, MOST_FILES);
}

interface Opened extends FontFile {
  readonly covers: (code: number) => boolean;
}

/** Null for what is no font with outlines: bitmaps cannot be drawn at any size. */
async function open(file: string): Promise<Opened | null> {
  try {
    const data = await readFile(file);
    if (data.length > LARGEST_FILE) return null;
    const opened = create(data);
    const font = ('fonts' in opened ? opened.fonts[0] : opened) as
      | (Font & { readonly directory: { readonly tables: Readonly<Record<string, unknown>> } })
      | undefined;
    if (font === undefined) return null;
    const { tables } = font.directory;
    if (tables.glyf === undefined && tables['CFF '] === undefined) return null;
    return {
      data: new Uint8Array(data),
      face: 'fonts' in opened ? font.postscriptName : null,
      covers: (code) => font.hasGlyphForCodePoint(code),
    };
  } catch {
    return null;
  }
}

interface Shipped {
  readonly regular: Opened;
  readonly bold: Opened;
}

let shipped: Promise<Shipped> | null = null;
const opened = new Map<string, Promise<Opened | null>>();
let listed: string[] | null = null;

async function load(): Promise<Shipped> {
  const require = createRequire(import.meta.url);
  const [regular, bold] = await Promise.all([
    open(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf')),
    open(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf')),
  ]);
  if (regular === null || bold === null) {
    throw new ToldError(() => t('the fonts that Bulkhead carries cannot be read'));
  }
  return { regular, bold };
}

/** Without what cannot be handed to a thread. */
const fileOf = ({ data, face }: Opened): FontFile => ({ data, face });

/** Scripts that fonts have in part: what a text has of one is best drawn with one font. */
const IN_PART = [/\p{Script=Hangul}/u, /\p{Script=Han}/u, /[\p{Script=Hiragana}\p{Script=Katakana}]/u];

/** The characters in parts that need one font each: those of such a script together, every other by itself. */
function byScript(characters: readonly string[]): string[][] {
  const groups = IN_PART.map((script) => characters.filter((character) => script.test(character)));
  const others = characters.filter((character) => !IN_PART.some((script) => script.test(character)));
  return [...groups.filter((group) => group.length > 0), ...others.map((character) => [character])];
}

/** Joiners and signs that choose a shape: seen in what they do, not by themselves. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/u;

/** The fonts that Bulkhead carries, and those of this machine that have what the texts need besides. */
export async function fontsFor(texts: Iterable<string>): Promise<Fonts> {
  shipped ??= load().catch((error: unknown) => {
    shipped = null;
    throw error;
  });
  const { regular, bold } = await shipped;
  const characters = new Set<string>();
  for (const text of texts) for (const character of text) characters.add(character);
  const code = (character: string) => character.codePointAt(0) ?? 0;
  const lacking = [...characters].filter(
    (character) => !regular.covers(code(character)) && !UNSEEN.test(character) && character !== '\n',
  );
  const more: FontFile[] = [];
  const byCharacter = new Map<string, number>();
  const draw = async (parts: readonly string[][]): Promise<string[]> => {
    let wanted = parts;
    if (wanted.length > 0) listed ??= systemFonts();
    for (const file of listed ?? []) {
      if (wanted.length === 0) break;
      const opening = opened.get(file) ?? open(file);
      opened.set(file, opening);
      const font = await opening;
      const has = (part: readonly string[]) => part.every((character) => font?.covers(code(character)));
      const had = wanted.filter(has).flat();
      if (font === null || had.length === 0) continue;
      for (const character of had) byCharacter.set(character, more.length);
      more.push(fileOf(font));
      wanted = wanted.filter((part) => !has(part));
    }
    return wanted.flat();
  };
  // Where no font has all of a script, several share it.
  const rest = await draw(byScript(lacking));
  const missing = await draw(rest.map((character) => [character]));
  return { regular: fileOf(regular), bold: fileOf(bold), more, byCharacter, missing: missing.join('') };
}
