export interface SortHead<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly title: string;
  readonly className?: string | undefined;
  readonly kind?: string | undefined;
}

/** The head of a list of rows of which not all are drawn: a cell a column, each a button that sorts by it. */
export function SortHeads<Id extends string>(props: {
  readonly heads: readonly SortHead<Id>[];
  readonly sort: { readonly column: Id; readonly down: boolean };
  readonly onSort: (column: Id) => void;
  /** What names a cell, and whether the keyboard is on it; where the keyboard goes into the head. */
  readonly cell?: (index: number) => { id: string; className: string | undefined };
}) {
  const { heads, sort, onSort, cell } = props;
  return (
    <thead>
      <tr aria-rowindex={1}>
        {heads.map(({ id, label, title, className, kind }, index) => {
          const sorted = sort.column === id;
          return (
            <th
              key={id}
              className={className}
              {...cell?.(index)}
              scope="col"
              data-kind={kind}
              aria-sort={!sorted ? 'none' : sort.down ? 'descending' : 'ascending'}
            >
              <button type="button" tabIndex={-1} title={title} onClick={() => onSort(id)}>
                {label}
                <span aria-hidden="true">{!sorted ? '' : sort.down ? ' ↓' : ' ↑'}</span>
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
