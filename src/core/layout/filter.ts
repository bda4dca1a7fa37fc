import type { MemberId, Sharing } from '../sharing/sharing.ts';
import { NAMESPACE_KINDS, type NamespaceKind, parseNamespaceId } from '../snapshot/namespace.ts';
import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import { commas, t } from '../words/words.ts';
import type { GraphNode, StripSlot } from './scene.ts';

/** A filter that was understood, or one sentence that says what to correct. */
export type FilterResult =
  | {
      readonly ok: true;
      readonly matches: (container: Container) => boolean;
      /** The same for processes of no container, drawn as one node. */
      readonly matchesProcesses: (node: GraphNode, pids: ReadonlySet<number>) => boolean;
    }
  | { readonly ok: false; readonly message: string };

/** What the words of a filter look at. */
interface Subject {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly state: string;
  readonly project: string;
  readonly hasPid: (pid: number) => boolean;
  /** Asked only by words that look at them: a search looks at every container with every key. */
  readonly standings: () => readonly Pick<StripSlot, 'kind' | 'standing' | 'partners' | 'namespace'>[];
}

const FIELDS = 'kind, name, image, state, project, host, pid, ns, id, shared';

function globToRegExp(pattern: string): RegExp {
  const body = pattern
    .split('')
    .map((char) => (char === '*' ? '[^]*' : char === '?' ? '[^]' : char.replace(/[\\^$.|+()[\]{}]/g, '\\$&')))
    // Runs of stars match what one star matches, and would only make the match slow.
    .filter((part, index, all) => part !== '[^]*' || all[index - 1] !== '[^]*')
    .join('');
  return new RegExp(`^${body}$`, 'i');
}

interface Word {
  readonly text: string;
  /** A `-` before it turned it around; that is no part of the text. */
  readonly negative: boolean;
  /** It starts with a quotation mark: it is text to look for, whatever it looks like. */
  readonly literal: boolean;
}

/** Splits at blanks; double quotes keep blanks. Null when a quote is not closed. */
function words(text: string): Word[] | null {
  const out: Word[] = [];
  let word = '';
  let started = false;
  let literal = false;
  let negative = false;
  let quoted = false;
  const end = () => {
    if (started && !literal && word.startsWith('-') && word.length > 1) {
      out.push({ text: word.slice(1), negative: true, literal });
    } else if (started) out.push({ text: word, negative, literal });
    word = '';
    started = false;
    literal = false;
    negative = false;
  };
  for (const char of text) {
    if (char === '"') {
      quoted = !quoted;
      if (!started) literal = true;
      else if (word === '-' && !literal) {
        literal = true;
        negative = true;
        word = '';
      }
      started = true;
    } else if (!quoted && /\s/.test(char)) end();
    else {
      word += char;
      started = true;
    }
  }
  if (quoted) return null;
  end();
  return out;
}

function isKind(text: string): text is NamespaceKind {
  return (NAMESPACE_KINDS as readonly string[]).includes(text);
}

/** `nginx:1.27` looks like a field: it is an image where one of that name is there. */
function mayBeImage(word: string, { containers }: Snapshot): boolean {
  const text = word.toLowerCase();
  return containers.some(({ image, name }) => image.toLowerCase().includes(text) || name.toLowerCase().includes(text));
}

/**
 * Understands a filter such as `kind:net shared>=2 name:web* -image:nginx host:pid ns:4026532184 web`.
 *
 * All words must hold; a leading `-` turns one around. `kind:net`: shares net with another container or the host;
 * `shared>=2`: shares one namespace with at least two other members (of the kinds named, else of any); `host:net`: is in
 * the host's. Bare words look for text in name, image and id, and for an equal pid or namespace number.
 */
export function parseFilter(expression: string, snapshot: Snapshot, sharing: Sharing): FilterResult {
  const parts = words(expression);
  if (parts === null) return { ok: false, message: t('A quotation mark is not closed: add the missing ".') };
  /** Whose each process is, looked up once when the first word asks for a pid. */
  let owners: Map<number, MemberId> | null = null;
  const ownerOf = (pid: number): MemberId | undefined => {
    owners ??= new Map(
      snapshot.processes.flatMap((process): [number, MemberId][] =>
        process.container === null ? [] : [[process.pid, process.container]],
      ),
    );
    return owners.get(pid);
  };
  const subjectOf = (container: Container): Subject => {
    const row = sharing.containers.get(container.id);
    return {
      id: container.id,
      name: container.name,
      image: container.image,
      state: container.state,
      project: container.labels['com.docker.compose.project'] ?? '',
      hasPid: (pid) => container.pid === pid || ownerOf(pid) === container.id,
      standings: () => (row === undefined ? [] : NAMESPACE_KINDS.map((kind) => ({ kind, ...row[kind] }))),
    };
  };
  const hasNamespace = (subject: Subject, inode: string) =>
    subject.standings().some((entry) => entry.namespace?.endsWith(`:[${inode}]`));
  const kinds: NamespaceKind[] = [];
  const tests: ((subject: Subject) => boolean)[] = [];
  for (const { text: word, negative, literal } of parts) {
    const part = negative ? `-${word}` : word;
    const add = (test: (subject: Subject) => boolean) => {
      tests.push(negative ? (subject) => !test(subject) : test);
    };
    if (!literal && /^shared([<>=]|$)/i.test(word)) {
      const match = /^shared(>=|<=|>|<|=)(\d{1,6})$/i.exec(word);
      if (match === null)
        return { ok: false, message: t('"{part}" needs a comparison and a number, for example shared>=2.', { part }) };
      const wanted = Number(match[2]);
      const operator = match[1];
      add(({ standings }) => {
        let count = 0;
        for (const entry of standings()) {
          if (kinds.length === 0 || kinds.includes(entry.kind)) count = Math.max(count, entry.partners);
        }
        if (operator === '>=') return count >= wanted;
        if (operator === '<=') return count <= wanted;
        if (operator === '>') return count > wanted;
        return operator === '<' ? count < wanted : count === wanted;
      });
      continue;
    }
    const field = literal || parseNamespaceId(word) !== null ? null : /^([a-z]+):(.*)$/is.exec(word);
    const name = field?.[1]?.toLowerCase();
    const value = field?.[2] ?? '';
    if (name !== undefined && value === '') {
      return {
        ok: false,
        message: t('"{part}" has no value: write it right after the colon, for example {name}:net.', { part, name }),
      };
    }
    if (name === 'kind' || name === 'host') {
      const kind = value.toLowerCase();
      if (!isKind(kind)) {
        return {
          ok: false,
          message: t('"{value}" is not a namespace kind: use one of {kinds}.', {
            value,
            kinds: commas(NAMESPACE_KINDS),
          }),
        };
      }
      if (name === 'kind' && !negative) kinds.push(kind);
      add(({ standings }) => {
        const standing = standings().find((entry) => entry.kind === kind)?.standing;
        return standing === 'host' || (name === 'kind' && standing === 'shared');
      });
    } else if (name === 'pid' || name === 'ns') {
      const number = name === 'ns' ? value.replace(/^[a-z]+:\[(\d+)\]$/, '$1') : value;
      if (!/^\d+$/.test(number))
        return { ok: false, message: t('"{part}" needs a number, for example {name}:1234.', { part, name }) };
      add((subject) => (name === 'pid' ? subject.hasPid(Number(number)) : hasNamespace(subject, number)));
    } else if (name === 'name' || name === 'image' || name === 'state' || name === 'project') {
      const pattern = globToRegExp(value);
      add((subject) => pattern.test(subject[name]));
    } else if (name === 'id') {
      add(({ id }) => id.startsWith(value.toLowerCase()));
    } else if (name !== undefined && /^[a-z]+$/i.test(name) && !mayBeImage(word, snapshot)) {
      return {
        ok: false,
        message: t('"{name}" is not a filter field: use one of {fields}, or put the text in quotes.', {
          name,
          fields: FIELDS,
        }),
      };
    } else {
      const text = word.toLowerCase();
      const number = /^\d+$/.test(text) ? text : null;
      const namespace = parseNamespaceId(text) === null ? null : text;
      add(
        (subject) =>
          subject.name.toLowerCase().includes(text) ||
          subject.image.toLowerCase().includes(text) ||
          subject.id.startsWith(text) ||
          (number !== null && (subject.hasPid(Number(number)) || hasNamespace(subject, number))) ||
          (namespace !== null && subject.standings().some((entry) => entry.namespace === namespace)),
      );
    }
  }
  const holds = (subject: Subject) => tests.every((test) => test(subject));
  return {
    ok: true,
    matches: tests.length === 0 ? () => true : (container) => holds(subjectOf(container)),
    matchesProcesses: (node, own) =>
      holds({
        id: node.key,
        name: node.label,
        image: node.detail,
        state: node.state,
        project: '',
        hasPid: (pid) => own.has(pid),
        standings: () => node.strip,
      }),
  };
}
