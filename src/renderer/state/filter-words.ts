/** The words of a filter as they are written; a quoted part keeps its blanks. */
export function filterWords(filter: string): string[] {
  return filter.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

/** The value of a field of the filter, '' where it is not in it. */
export function filterValue(filter: string, field: string): string {
  const word = filterWords(filter).find((each) => each.startsWith(`${field}:`));
  return word === undefined ? '' : word.slice(field.length + 1).replaceAll('"', '');
}

/** The filter with a field set to a value, or without the field for ''. Everything else in it stays as written. */
export function withFilterValue(filter: string, field: string, value: string): string {
  const others = filterWords(filter).filter((each) => !each.startsWith(`${field}:`));
  if (value === '') return others.join(' ');
  return [...others, /[\s"]/.test(value) ? `${field}:"${value.replaceAll('"', '')}"` : `${field}:${value}`].join(' ');
}
