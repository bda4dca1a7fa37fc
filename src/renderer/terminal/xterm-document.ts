/**
 * The terminal writes style elements, which the page's content policy forbids for good reason. It is given this document
 * instead: an element that is never shown takes the text, and a constructed style sheet, which the policy allows, has it.
 */
export function xtermDocument(): Document {
  return new Proxy(document, {
    get(target, name) {
      if (name === 'createElement') {
        return (tag: string) => (tag === 'style' ? styleStandIn() : target.createElement(tag));
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

function styleStandIn(): HTMLElement {
  const element = document.createElement('template');
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
