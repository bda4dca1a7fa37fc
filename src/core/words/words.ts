import type { GetICUArgs } from '@schummar/icu-type-parser';
import { IntlMessageFormat } from 'intl-messageformat';
import { type Language, language } from './language.ts';
import { zhCn } from './zh-cn/zh-cn.ts';

/**
 * What Bulkhead says, in the reader's language. A message is written where it is said, in English and in ICU's syntax; the
 * Chinese for it stands in `zh-cn/`. A message that has no Chinese there is a type error.
 */
export type Message = keyof typeof zhCn;

/** A message that has no values to put in. */
export type PlainMessage = { [M in Message]: M extends `${string}{${string}` ? never : M }[Message];

type Values<M extends string> = GetICUArgs<M, { ICUArgument: string | number; ICUNumberArgument: number }>;

type Given<M extends string> = M extends `${string}{${string}` ? [values: Values<M>] : [];

/** Where one English word stands for two Chinese ones, what is meant is said at its end: `Open ⟨state⟩`. */
const MEANING = / ?⟨[^⟩]*⟩$/;

/** The kinds of parts of a message that are looked at here. Source: @formatjs/icu-messageformat-parser, TYPE. */
const TYPE = { literal: 0, argument: 1 } as const;

const formats: Record<Language, Map<string, IntlMessageFormat>> = { en: new Map(), 'zh-CN': new Map() };

/** The message in ICU's syntax in the language of now. */
const written = (message: Message): string =>
  language() !== 'en' ? zhCn[message] : message.endsWith('⟩') ? message.replace(MEANING, '') : message;

/** Words and names of values, in turn, of a message that has nothing to choose or to count in it. */
type Pieces = readonly (string | { readonly value: string })[];

const simple = new Map<Message, Pieces | null>();

/** Null for a message with plurals or numbers. English only: Chinese looks at what stands beside a value. */
function piecesOf(message: Message): Pieces | null {
  const known = simple.get(message);
  if (known !== undefined) return known;
  const pieces: (string | { value: string })[] = [];
  let plain = true;
  for (const part of formatOf(message, false).getAst()) {
    if (part.type === TYPE.literal) pieces.push(part.value);
    else if (part.type === TYPE.argument) pieces.push({ value: part.value });
    else plain = false;
  }
  const made = plain ? pieces : null;
  simple.set(message, made);
  return made;
}

/** What the format would make of them, without its care for what is not there. Null where a value is no text or number. */
function together(pieces: Pieces, given: Readonly<Record<string, string | number>>): string | null {
  let text = '';
  for (const piece of pieces) {
    const value = typeof piece === 'string' ? piece : given[piece.value];
    if (typeof value !== 'string' && typeof value !== 'number') return null;
    text += value;
  }
  return text;
}

function formatOf(message: Message, tags: boolean): IntlMessageFormat {
  const made = formats[language()];
  const key = tags ? `<>${message}` : message;
  const known = made.get(key);
  if (known !== undefined) return known;
  const format = new IntlMessageFormat(written(message), language(), undefined, { ignoreTag: !tags });
  made.set(key, format);
  return format;
}

/**
 * A message in the language of now.
 * @param values what stands in its braces, by name; where it has plurals, numbers
 */
export function t<M extends Message>(message: M, ...values: Given<M>): string {
  if (!message.includes('{')) return written(message);
  const given = (values as readonly unknown[])[0] as Record<string, string | number>;
  if (language() !== 'en') return closed(formatOf(message, false), given);
  const pieces = piecesOf(message);
  return (pieces === null ? null : together(pieces, given)) ?? String(formatOf(message, false).format(given));
}

// With the punctuation that has a space of its own: `（`, `）`, `、`.
const HAN_FIRST = /^[\p{Script=Han}\u3001-\u301f\uff01-\uff5e]/u;
const HAN_LAST = /[\p{Script=Han}\u3001-\u301f\uff01-\uff5e]$/u;

/**
 * A Chinese message has a space beside each value, as it stands between Chinese and Latin words: one beside a value that is
 * Chinese itself, as `宿主机` in the place of a container's name, is left out.
 */
function closed(format: IntlMessageFormat, given: Readonly<Record<string, string | number>>): string {
  const apart = Object.entries(given).map(([name, value]) => [
    name,
    typeof value === 'string' && (HAN_FIRST.test(value) || HAN_LAST.test(value)) ? { toString: () => value } : value,
  ]);
  let text = '';
  let open = false;
  for (const part of format.formatToParts<object>(Object.fromEntries(apart))) {
    const value = String(part.value);
    const isValue = typeof part.value === 'object';
    if (isValue && HAN_FIRST.test(value) && /\p{Script=Han} $/u.test(text)) text = text.slice(0, -1);
    text += open && /^ \p{Script=Han}/u.test(value) ? value.slice(1) : value;
    open = isValue && HAN_LAST.test(value);
  }
  return text;
}

/**
 * A message with marked places, as `Run <code>docker ps</code>.`: each is made by the function of its name. What is in
 * `values` is put in as it is, never read as a mark.
 */
export function parts<T>(
  message: Message,
  values: Readonly<Record<string, string | number | T | ((inner: readonly (string | T)[]) => T)>>,
): readonly (string | T)[] {
  const made = formatOf(message, true).format<T>(values as Record<string, string | number>);
  return Array.isArray(made) ? made : [made as string | T];
}

/** What stands between the items of a list. */
export const comma = (): string => (language() === 'en' ? ', ' : '、');

/** A message with its values, as plain data: it is put into words when it is shown, in the language of that moment. */
export interface Saying {
  readonly message: Message;
  readonly values: Readonly<Record<string, string | number>>;
}

export const saying = <M extends Message>(message: M, ...values: Given<M>): Saying => ({
  message,
  values: values[0] ?? {},
});

export const say = ({ message, values }: Saying): string =>
  (t as (message: Message, values: Saying['values']) => string)(message, values);

const numbers = new Map<Language, Intl.NumberFormat>();

/** `20,000`: a count with separated thousands. Numbers that are names, like pids and ports, are never written so. */
export function counted(count: number): string {
  if (Number.isInteger(count) && count >= 0 && count < 1_000) return String(count);
  const format = numbers.get(language()) ?? new Intl.NumberFormat(language());
  numbers.set(language(), format);
  return format.format(count);
}

/** `mnt, pid`: a list that nothing ends. */
export const commas = (items: readonly string[]): string => items.join(comma());

/**
 * `web1, web2 and 3 more`: of a long list the first are told.
 * @param all how many there are, where `items` are only the first of them
 */
export function firstOf(items: readonly string[], most: number, all = items.length): string {
  const names = commas(items.slice(0, most));
  return all <= most ? names : t('{names} and {count, number} more', { names, count: all - most });
}

/** `from a; to b`: a list whose items have commas of their own. */
export const semicolons = (items: readonly string[]): string => items.join(language() === 'en' ? '; ' : '；');

/** `a veth, member of br0`: phrases about one thing, which another sentence may go on with; null is left out. */
export const clauses = (...each: readonly (string | null)[]): string =>
  each.filter((clause) => clause !== null).join(language() === 'en' ? ', ' : '，');

const lists = { and: new Map<Language, Intl.ListFormat>(), or: new Map<Language, Intl.ListFormat>() };

function listed(type: 'and' | 'or', items: readonly string[]): string {
  const made =
    lists[type].get(language()) ??
    // In British English there is no comma before the last item.
    new Intl.ListFormat(language() === 'en' ? 'en-GB' : language(), {
      type: type === 'and' ? 'conjunction' : 'disjunction',
    });
  lists[type].set(language(), made);
  return made.format(items);
}

/** `mnt, pid and net`. */
export const and = (items: readonly string[]): string => listed('and', items);

/** `mnt, pid or net`. */
export const or = (items: readonly string[]): string => listed('or', items);

/** Joins sentences; empty and null ones are left out. */
export const sentences = (...each: readonly (string | null)[]): string =>
  each.filter((sentence) => sentence !== null && sentence !== '').join(language() === 'en' ? ' ' : '');

/** Words that begin a sentence of ours and are not names: after a colon they get a small letter. */
const OPENERS =
  /^(?:A|All|An|Another|Any|Anybody|At|Both|By|Each|Every|For|From|How|If|In|It|Its|Neither|No|Nobody|None|Nothing|Of|On|One|Only|Over|Some|That|The|Their|There|They|This|To|Two|What|Where|Whether|Which|Who|Why|With|Without)(?= )/;

/** A sentence as it stands after a colon, where English begins with a small letter; names keep their letters. */
export const afterColon = (sentence: string): string =>
  language() === 'en' ? sentence.replace(OPENERS, (word) => word.charAt(0).toLowerCase() + word.slice(1)) : sentence;
