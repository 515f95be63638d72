import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  head: string;
  cell: (row: Row) => ComponentChildren;
  /** Numbers stand below each other, at the end of their column. */
  isNumber?: boolean;
}

interface TableProps<Row> {
  caption: string;
  /** A heading above says the same. */
  hideCaption?: boolean;
  /** The first one names the row. */
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** Last row, e.g. the sums. */
  total?: Row | undefined;
}

/** A table that scrolls within its own frame where the screen is narrow; the keyboard reaches it. */
export function Table<Row>({ caption, hideCaption = false, columns, rows, keyOf, total }: TableProps<Row>) {
  const line = (row: Row, id: string) => (
    <tr key={id}>
      {columns.map(({ head, cell, isNumber }, place) =>
        place === 0 ? (
          <th key={head} scope="row">
            {cell(row)}
          </th>
        ) : (
          <td key={head} class={isNumber ? 'number' : undefined}>
            {cell(row)}
          </td>
        ),
      )}
    </tr>
  );
  return (
    <div class="scroll" role="group" aria-label={caption} tabIndex={0}>
      <table>
        <caption class={hideCaption ? 'hidden-text' : undefined}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ head, isNumber }) => (
              <th key={head} scope="col" class={isNumber ? 'number' : undefined}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{rows.map((row) => line(row, keyOf(row)))}</tbody>
        {total !== undefined && <tfoot>{line(total, 'total')}</tfoot>}
      </table>
    </div>
  );
}
