/** Lines that run along the same corridor lie beside each other, as far as there is room. */
export class Tracks {
  private readonly used = new Map<string, { from: number; to: number; offset: number; set: string }[]>();

  /** Where lines run along a corridor, from its middle. */
  taken(corridor: string): readonly number[] {
    return (this.used.get(corridor) ?? []).map(({ offset }) => offset);
  }

  /** How far from the middle of the corridor a line of a set runs. Lines of one set may lie upon each other. */
  offset(corridor: string, from: number, to: number, set: string, room: number, step: number): number {
    const lines = this.used.get(corridor) ?? [];
    if (lines.length === 0) this.used.set(corridor, lines);
    const low = Math.min(from, to);
    const high = Math.max(from, to);
    const most = Math.max(0, Math.floor(room / step));
    let chosen = 0;
    const own = lines.find((line) => line.set === set);
    if (own !== undefined) chosen = own.offset;
    // So many beside each other cannot be told apart anyway.
    else if (lines.length < 48) {
      for (let place = 0; place <= 2 * most; place += 1) {
        const offset = (place % 2 === 0 ? -place / 2 : (place + 1) / 2) * step;
        if (lines.every((line) => line.offset !== offset || line.to < low || line.from > high)) {
          chosen = offset;
          break;
        }
      }
    }
    if (lines.length < 48) lines.push({ from: low, to: high, offset: chosen, set });
    return chosen;
  }
}
