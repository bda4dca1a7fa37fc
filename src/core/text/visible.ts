/**
 * Names, labels and arguments come from others. This is the one place that decides which of their characters are shown
 * as they are, on the page, in a terminal and in every file that is made for reading.
 */

/**
 * What acts or is not seen: control characters, format characters, line and paragraph separators, surrogates without a
 * partner, private use, what is not assigned, and all that Unicode wants to be drawn as nothing. Which code points are
 * assigned is the JavaScript engine's own knowledge.
 */
const HIDDEN = '[\\p{C}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]';

/** Arabic letters that join the next one: only after these does U+200C change what is seen. Source: ArabicShaping.txt. */
const JOINS_NEXT =
  '[\\u0620\\u0626\\u0628\\u062a-\\u062e\\u0633-\\u063f\\u0641-\\u0647\\u0649\\u064a\\u066e\\u066f\\u0678-\\u0687\\u069a-\\u06bf\\u06c1\\u06c2\\u06cc\\u06ce\\u06d0\\u06d1\\u06fa-\\u06fc\\u06ff]';

/** Signs of Indian scripts that take a letter's vowel away; a joiner behind one chooses the letter's shape. */
const VIRAMA = '[\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca]';

/**
 * Where an invisible character is part of how a word is written, and taking it out would be seen: Persian and its
 * neighbours (U+200C), the scripts of India and Sri Lanka (U+200C, U+200D), and emoji (U+200D between two, U+FE0F behind
 * one that is a text sign by default). One alone, with the letters around it; the contexts are those of RFC 5892,
 * appendix A. Everywhere else joiners are shown.
 */
const LEGIBLE = [
  `(?<=${JOINS_NEXT})\\u200c(?=(?=\\p{L})\\p{Script=Arabic})`,
  `(?<=${VIRAMA})[\\u200c\\u200d](?=\\p{L})`,
  '(?<=\\p{Extended_Pictographic}\\ufe0f?|\\p{Emoji_Modifier})\\u200d(?=\\p{Extended_Pictographic})',
  '(?<=(?!\\p{Emoji_Presentation})\\p{Extended_Pictographic})\\ufe0f',
].join('|');

const PATTERN = new RegExp(`(?:${LEGIBLE})|(${HIDDEN})`, 'gu');
const ORDINARY = /^[\x20-\x7e]*$/;

function replaceHidden(text: string, write: (character: string) => string): string {
  if (ORDINARY.test(text)) return text;
  return text.replace(PATTERN, (character: string, hidden: string | undefined) =>
    hidden === undefined ? character : write(hidden),
  );
}

/** The text with everything that could act or hide written as `\u{202e}`; the rest as it is. */
export function visibleText(text: string): string {
  return replaceHidden(text, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/**
 * The value as JSON, on one line or indented by `indent` spaces, with the characters that `visibleText` would write out
 * as JSON's own escapes: what is parsed from it is the same value.
 */
export function visibleJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, null, indent);
  const escaped = (line: string): string =>
    replaceHidden(line, (character) =>
      // By UTF-16 units, as JSON counts.
      character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    );
  // JSON's own line ends are the only ones that stringify leaves in.
  return text.split('\n').map(escaped).join('\n');
}
