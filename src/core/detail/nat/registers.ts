import { text } from './bytes.ts';
import { ANY, type Condition } from './condition.ts';
import type { Field } from './fields.ts';
import type { Element } from './sets.ts';

/** What the registers of nftables hold while a rule's expressions are evaluated. */

export type Byte =
  | {
      readonly is: 'field';
      readonly field: Field;
      readonly index: number;
      readonly mask: number;
      readonly flip: number;
    }
  | { readonly is: 'value'; readonly value: number }
  | { readonly is: 'map'; readonly lookup: Lookup; readonly index: number };

/** A look into a map: its elements with what each asks. */
export interface Lookup {
  readonly set: string;
  /** Null where the map could not be read. */
  readonly found: readonly { readonly condition: Condition; readonly element: Element }[] | null;
}

const REGISTERS = 16;

/** The older registers are of 16 bytes each, the newer ones of 4. */
function place(register: number | null): number {
  const slot = register === null ? -1 : register >= 8 ? register - 8 : (register - 1) * 4;
  return slot >= 0 && slot < REGISTERS ? slot * 4 : -1;
}

export class Registers {
  readonly #bytes: (Byte | undefined)[] = [];

  put(register: number | null, bytes: readonly (Byte | undefined)[]): void {
    const at = place(register);
    if (at < 0) return;
    // What is loaded fills up its last register.
    for (let index = 0; index < ((bytes.length + 3) & ~3); index++) this.#bytes[at + index] = bytes[index];
  }

  putField(register: number | null, field: Field): void {
    this.put(
      register,
      Array.from({ length: field.bytes }, (_, index) => ({ is: 'field', field, index, mask: 0xff, flip: 0 }) as const),
    );
  }

  read(register: number | null, length: number): (Byte | undefined)[] {
    const at = place(register);
    return at < 0 ? [] : Array.from({ length }, (_, index) => this.#bytes[at + index]);
  }

  /** The bytes that a statement takes from a register, for one element of each map that is asked. */
  constant(register: number | null, length: number, element: Element | null): Uint8Array | null {
    const bytes = this.read(register, length).map((byte) => {
      if (byte?.is === 'value') return byte.value;
      return byte?.is === 'map' ? (element?.data?.[byte.index] ?? null) : null;
    });
    return bytes.length === length && bytes.every((byte) => byte !== null) ? Uint8Array.from(bytes) : null;
  }
}

/** Bytes next to each other that belong to one field. */
export interface Group {
  readonly field: Field;
  /** Of the whole field, highest first. */
  readonly mask: bigint;
  readonly flip: bigint;
  /** Where its bytes are among those that are compared, by their place in the field. */
  readonly bytes: readonly { readonly at: number; readonly shift: bigint }[];
  /** Whether the bytes stand in the order of their weight, as comparisons by size need. */
  readonly ordered: boolean;
}

/** Null where one of the bytes is not of a field. */
export function groupsOf(bytes: readonly (Byte | undefined)[]): Group[] | null {
  const out: { field: Field; mask: bigint; flip: bigint; bytes: { at: number; shift: bigint }[]; ordered: boolean }[] =
    [];
  for (const [at, byte] of bytes.entries()) {
    if (byte === undefined || byte.is !== 'field') return null;
    const { field, index } = byte;
    const shift = BigInt(8 * (field.little ? index : field.bytes - 1 - index));
    let last = out.at(-1);
    if (last === undefined || last.field !== field) {
      last = { field, mask: 0n, flip: 0n, bytes: [], ordered: true };
      out.push(last);
    }
    const previous = last.bytes.at(-1);
    if (previous !== undefined && previous.shift !== shift + 8n) last.ordered = false;
    last.mask |= BigInt(byte.mask) << shift;
    last.flip |= BigInt(byte.flip) << shift;
    last.bytes.push({ at, shift });
  }
  return out;
}

export function valueIn({ bytes }: Group, value: Uint8Array): bigint {
  return bytes.reduce((sum, { at, shift }) => sum | (BigInt(value[at] ?? 0) << shift), 0n);
}

/** @param links the namespace's links, by number */
export function linkCondition(
  group: Group,
  value: Uint8Array,
  inverted: boolean,
  links: ReadonlyMap<number, string>,
): Condition {
  const { means, bytes: width } = group.field;
  if (means.type !== 'link') return ANY;
  const one = (name: string): Condition => ({ ...ANY, links: { [means.dimension]: { not: inverted, of: [name] } } });
  if (means.byNumber) {
    const index = Number(valueIn(group, value));
    return one(links.get(index) ?? `link number ${index}`);
  }
  const compared = Uint8Array.from(group.bytes.map(({ at }) => value[at] ?? 0));
  const name = text(compared);
  return one(compared.includes(0) || compared.length === width ? name : `${name}*`);
}
