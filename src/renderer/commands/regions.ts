const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select, textarea, [tabindex]:not([tabindex="-1"])';

/** What takes the focus in a part of the page: the element that the part marks for it, else the first that can. */
function entry(region: HTMLElement): HTMLElement | null {
  return region.querySelector<HTMLElement>('[data-enter]') ?? region.querySelector<HTMLElement>(FOCUSABLE);
}

/** Puts the focus into the next part of the page, or the part before: picture or list, details, terminals, bar. */
export function moveRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(
    (each) => each.offsetParent !== null,
  );
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  for (let tried = 1; tried <= regions.length; tried++) {
    const next = regions[(at + step * tried + regions.length * 2) % regions.length];
    const target = next === undefined ? null : entry(next);
    if (target !== null) {
      target.focus();
      return;
    }
  }
}
