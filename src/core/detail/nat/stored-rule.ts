import { language } from '../../words/language.ts';
import { commas, type Message, or, type PlainMessage, semicolons, t } from '../../words/words.ts';
import { STATES } from './condition.ts';
import { CONNECTION_NAMES } from './fields.ts';

/**
 * What rules ask and do, as a snapshot tells it: in English, whoever has saved the file. It is put together of phrases, which
 * are taken apart here and said in the language of now. What is none of these, a name or a number, stays as it is.
 */

/** Fields, whose values stand behind them, as in `mark 0x1`. */
const PLAIN_FIELDS: readonly PlainMessage[] = [
  'mark',
  'chance',
  'connection',
  'source address type',
  'destination address type',
  'sent by uid',
  'sent by gid',
  'ether type',
  'packet length',
  'packet type',
];

/** Phrases without values, and words within phrases. */
const WORDS: readonly PlainMessage[] = [
  'everything',
  'all',
  'nothing',
  'never',
  'source',
  'destination',
  'incoming link',
  'outgoing link',
  'something',
  'fragments',
  'TCP with no flag set',
  'its source was translated',
  'its source was not translated',
  'its destination was translated',
  'its destination was not translated',
  'for an address that is not of this machine',
  'for an address of this machine',
  'to an address of this machine',
  'source addresses under a mask with gaps',
  'destination addresses under a mask with gaps',
  'from a socket here',
  'not from a socket here',
  'handed to a program (queue)',
  'answered here (synproxy)',
  'no more often than a limit',
  'one of more combinations than are told here',
  'what a map of more entries than are told here says',
  'to what could not be read',
  'an entry in each of two maps',
  'the connection',
  'a shift of bits',
  'a range of what is not understood',
  'those of a set that was not read',
  'unless a rule before that takes it',
  'what leads to this chain, which was not read',
  'more of the connection (conntrack), which is not understood',
  'an option of TCP, which is not understood',
  'addresses or ports in a set of ipset, which is not read',
  'of a VRF',
  'under a condition that is not known here',
  'the table of the VRF',
  'its default routes do not count',
  'is refused (prohibit)',
  'is dropped (blackhole)',
  'has no route',
  'is refused (unreachable)',
  'is not routed, for an unknown error',
  'expected',
  'seen both ways',
  'assured',
  'confirmed',
  'source translated',
  'destination translated',
];

/** Phrases with values; the narrower ones first, since the first that fits is taken. */
const PHRASES: readonly Message[] = [
  'not for what an earlier rule takes: {packets}',
  'all but what is {when}',
  'none of: {list}; and more',
  'none of: {list}',
  'not ({packets})',
  'where {chain}, which has the same priority, does not take it first',
  'what the map {name} says, which was not read',
  'those of {name}, which was not read',
  'the match "{name}", which is not understood',
  'the expression "{name}", which is not understood',
  'the verdict {code}, which is not understood',
  'more of {name}, which is not understood',
  'a comparison ({operator}) of what is not understood',
  'the target {name}',
  'the port is counted from {port}',
  'TCP with one of {count, number} sets of flags',
  'TCP with {flags} set, without {without}',
  'TCP with {flags} set',
  'TCP without {without}',
  'taken {percent} % of the time',
  'arrives by any link but {link}',
  'arrives by {link}',
  'leaves by any link but {link}',
  'leaves by {link}',
  'link number {number}',
  'protocol {number}',
  'any but {values}',
  'arriving by {link}',
  'bound to {link}',
  'marked {mark}',
  'with TOS {tos}',
  'of uid {uids}',
  'from port {ports}',
  'to port {ports}',
  'port {ports}',
  'go on at rule {number}',
  'routes of /{prefix} and wider do not count',
  'routes by links of group {group} do not count',
  'table {name}',
  'is not routed (error {number})',
  'from {addresses}',
  'to {addresses}',
  '{kinds} of the link',
  '{field} under the mask {mask} is not {value}',
  '{field} under the mask {mask} is {value}',
  '{field} not among {set}',
  '{field} among {set}',
];

/** Fields with a value in their name. */
const FIELDS: readonly Message[] = [
  '{count, number} bytes at {offset} of the {layer} header',
  'route of {asked}',
  '{asked} address type',
  '{name}, which is not understood, gives',
  'by a hash of {what}',
];

/** Parts of a list that say nothing by themselves where the part before is one of `any but`. */
const PLAIN = /^(?:IPv[46]|(?:ipv6-)?icmp(?:v6)?|tcp|udp|udplite|sctp|dccp)$/;

interface Pattern {
  readonly message: Message;
  readonly text: RegExp;
  readonly names: readonly string[];
  /** Those of the names that are numbers, with their thousands apart. */
  readonly numbers: ReadonlySet<string>;
}

function patternOf(message: Message): Pattern {
  const [first = '', ...rest] = message.split(/\{(\w+)(?:, number)?\}/);
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const between = rest.filter((_, index) => index % 2 === 1);
  return {
    message,
    text: new RegExp(`^${literal(first)}${between.map((text) => `(.+?)${literal(text)}`).join('')}$`, 's'),
    names: rest.filter((_, index) => index % 2 === 0),
    numbers: new Set(Array.from(message.matchAll(/\{(\w+), number\}/g), ([, name = '']) => name)),
  };
}

const phrases = PHRASES.map(patternOf);
const fields = FIELDS.map(patternOf);
const plainFields: ReadonlySet<string> = new Set(PLAIN_FIELDS);
const words: ReadonlySet<string> = new Set([...WORDS, ...PLAIN_FIELDS]);

/** Characters, and phrases within phrases: more is none of ours. A file may hold texts made to be searched for ever. */
const LONGEST = 1_000;
const DEEPEST = 6;

const told = (message: Message, values: Readonly<Record<string, string | number>>): string =>
  (t as (message: Message, values: Readonly<Record<string, string | number>>) => string)(message, values);

function filled(patterns: readonly Pattern[], text: string, depth: number): string | null {
  for (const { message, text: pattern, names, numbers } of patterns) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const values = names.map((name, at): [string, string | number] => {
      const value = found[at + 1] ?? '';
      return [name, numbers.has(name) ? Number(value.replaceAll(',', '')) : list(value, depth + 1)];
    });
    return told(message, Object.fromEntries(values));
  }
  return null;
}

/** What nft calls a part of what is known of a connection; its own word stays. */
function connectionField(text: string): string | null {
  const [, way, what = ''] = /^connection (original |reply )?(\S+(?: \S+)?)$/.exec(text) ?? [];
  if (!CONNECTION_NAMES.includes(what)) return null;
  if (way === undefined) return t('connection {what}', { what });
  return way === 'reply ' ? t('connection reply {what}', { what }) : t('connection original {what}', { what });
}

/** A field's name; null for what is none. */
function field(text: string, depth: number): string | null {
  if (plainFields.has(text)) return t(text as PlainMessage);
  const connection = connectionField(text);
  if (connection !== null) return connection;
  return filled(fields, text, depth);
}

/** `mark 0x1`, `connection not new or related`; null for what begins with no field. */
function fieldWithValue(text: string, depth: number): string | null {
  // The longest name that is a field: a field's own name may hold the name of a shorter one.
  for (let at = text.lastIndexOf(' '); at > 0; at = text.lastIndexOf(' ', at - 1)) {
    const not = text.slice(0, at).endsWith(' not');
    const title = not ? text.slice(0, at - 4) : text.slice(0, at);
    const value = text.slice(at + 1);
    const isState = title === 'connection' && (STATES as readonly string[]).includes(value.split(/, | or /)[0] ?? '');
    const name = isState ? t('connection ⟨state⟩') : field(title, depth);
    if (name === null) continue;
    const values = list(value, depth + 1);
    return told(not ? '{field} not {values}' : '{field} {values}', { field: name, values });
  }
  return null;
}

/** One phrase; null for what is none. */
function phrase(text: string, depth: number): string | null {
  if (words.has(text)) return t(text as PlainMessage);
  if (depth > DEEPEST) return null;
  const [, count] = /^not for what (\d+) more earlier rules? takes?$/.exec(text) ?? [];
  if (count !== undefined) {
    return t('not for what {count, plural, one {# more earlier rule takes} other {# more earlier rules take}}', {
      count: Number(count),
    });
  }
  return filled(phrases, text, depth) ?? field(text, depth) ?? fieldWithValue(text, depth);
}

/** Phrases with commas between them; a part that is no phrase belongs to the one before, or is a name or number. */
function list(text: string, depth: number): string {
  const whole =
    words.has(text) || /^(?:not for what an|all but|none of|not \()/.test(text) ? phrase(text, depth) : null;
  if (whole !== null) return whole;
  if (text.includes('; ')) return semicolons(text.split('; ').map((each) => list(each, depth)));
  const items: { text: string; open: boolean }[] = [];
  const parts = text.split(', ');
  for (const [at, part] of parts.entries()) {
    const last = items.at(-1);
    if (part.startsWith('not for what an earlier rule takes: ')) {
      items.push({ text: parts.slice(at).join(', '), open: false });
      break;
    }
    const plain = PLAIN.test(part);
    const belongs =
      last?.open === true &&
      (plain
        ? /\bany but [^,]*(?:, |$)/.test(last.text) && PLAIN.test(last.text.split(/any but |, /).at(-1) ?? '')
        : phrase(part, depth) === null);
    if (last !== undefined && belongs) last.text += `, ${part}`;
    else items.push({ text: part, open: !plain });
  }
  const [only] = items;
  if (items.length === 1 && only !== undefined) return phrase(only.text, depth) ?? names(only.text);
  return commas(items.map((item) => phrase(item.text, depth) ?? names(item.text)));
}

/** `80, 443`, `new, related or established`: what is left of a value. */
function names(text: string): string {
  const one = (part: string): string => (words.has(part) ? t(part as PlainMessage) : part);
  const at = text.lastIndexOf(' or ');
  if (at < 0) return commas(text.split(', ').map(one));
  return or([...text.slice(0, at).split(', '), text.slice(at + 4)].map(one));
}

/** A rule's words from a snapshot in the language of now. */
export function storedRule(text: string): string {
  return language() === 'en' || text.length > LONGEST ? text : list(text, 0);
}
