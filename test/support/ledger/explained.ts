import type pg from 'pg';

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Node[];
}

/** How PostgreSQL went about a statement. */
export interface Plan {
  text: string;
  /** Rows that were looked at, found to be wanted or not. */
  rows: number;
  /** Tables that were read from one end to the other. */
  read: string[];
}

/** A database that runs each statement, and keeps how, instead of its answer. */
export class Explained {
  readonly plans: Plan[] = [];

  constructor(
    private readonly db: pg.Pool,
    private readonly answer: unknown[] = [],
  ) {}

  async query(text: string, values: unknown[] = []): Promise<unknown[]> {
    if (text.startsWith('SELECT set_config')) return [];
    const { rows } = await this.db.query(`EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${text}`, values);
    const [{ Plan: root }] = (rows[0] as { 'QUERY PLAN': [{ Plan: Node }] })['QUERY PLAN'];
    const nodes = below(root);
    const looked = nodes.filter((node) => node['Relation Name'] || node['Node Type'] === 'Bitmap Index Scan');
    this.plans.push({
      text,
      rows: looked.map(rowsOf).reduce((a, b) => a + b, 0),
      read: nodes.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']!),
    });
    return this.answer;
  }
}

const below = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(below)];

const rowsOf = (node: Node) =>
  node['Actual Loops'] *
  (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0));
