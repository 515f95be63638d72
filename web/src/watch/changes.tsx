import { Table } from '../parts/table.tsx';
import { words } from '../words/words.ts';

interface Change {
  field: string;
  before: string;
  after: string;
}

/** What a field was and is. Everything else of the entry counts as what it is. */
function changesOf(details: Record<string, unknown>, nothing: string): Change[] {
  const text = (value: unknown) => {
    if (value === null || value === undefined) return nothing;
    return typeof value === 'string' ? value : JSON.stringify(value);
  };
  return Object.entries(details).map(([field, value]) => {
    const isPair = typeof value === 'object' && value !== null && ('before' in value || 'after' in value);
    const { before, after } = isPair ? (value as { before?: unknown; after?: unknown }) : { after: value };
    return { field, before: text(before), after: text(after) };
  });
}

export function Changes({ details }: { details: Record<string, unknown> }) {
  const { audit: a } = words.value.lists;
  return (
    <Table
      caption={a.details}
      hideCaption
      rows={changesOf(details, a.nothing)}
      keyOf={({ field }) => field}
      columns={[
        { head: a.field, cell: ({ field }) => <code>{field}</code> },
        { head: a.before, cell: ({ before }) => before },
        { head: a.after, cell: ({ after }) => after },
      ]}
    />
  );
}
