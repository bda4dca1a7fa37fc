/** States of a search, the cheapest first; equal ones in their own order, so that there is one answer. */
export class Queue {
  private readonly costs: number[] = [];
  private readonly states: number[] = [];

  push(cost: number, state: number): void {
    const { costs, states } = this;
    let at = costs.length;
    costs.push(cost);
    states.push(state);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = costs[parent] ?? 0;
      if (above < cost || (above === cost && (states[parent] ?? 0) <= state)) break;
      costs[at] = above;
      states[at] = states[parent] ?? 0;
      at = parent;
    }
    costs[at] = cost;
    states[at] = state;
  }

  /** @returns -1 when there is none left */
  pop(): number {
    const { costs, states } = this;
    const top = states[0] ?? -1;
    const cost = costs.pop();
    const state = states.pop();
    const { length } = costs;
    if (cost === undefined || state === undefined || length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      const [left, right] = [costs[child] ?? 0, costs[child + 1] ?? Number.POSITIVE_INFINITY];
      if (right < left || (right === left && (states[child + 1] ?? 0) < (states[child] ?? 0))) child += 1;
      const below = costs[child] ?? 0;
      if (cost < below || (cost === below && state <= (states[child] ?? 0))) break;
      costs[at] = below;
      states[at] = states[child] ?? 0;
      at = child;
    }
    costs[at] = cost;
    states[at] = state;
    return top;
  }
}
