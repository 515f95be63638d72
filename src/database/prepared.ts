/** From this many times on, a statement is worth preparing: the default of PostgreSQL's JDBC and .NET drivers. */
const OFTEN = 5;
/** Most statements that are prepared; each session keeps the plans of them, some 50 kB each. */
const MOST = 250;
/** Most texts that are counted. Lists with filters are asked in more forms than are worth remembering. */
const COUNTED = 2000;

/**
 * Which statements each connection prepares. Parsing and planning cost PostgreSQL five times what running costs where a
 * statement touches a few rows. Whoever writes a statement need not think of it: the process counts them.
 */
export class Prepared {
  private readonly names = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  /** How often all names were forgotten. A name is not used again: sessions may still have it. */
  private times = 0;

  /** The name to prepare the statement under; `undefined` while it is rare. */
  nameOf(text: string): string | undefined {
    const name = this.names.get(text);
    if (name || this.names.size >= MOST) return name;
    const count = (this.counts.get(text) ?? 0) + 1;
    if (count < OFTEN) {
      if (this.counts.size >= COUNTED) this.counts.clear();
      this.counts.set(text, count);
      return undefined;
    }
    this.counts.delete(text);
    this.names.set(text, `often_${this.times}_${this.names.size + 1}`);
    return this.names.get(text);
  }

  /** After it, statements are prepared anew, under other names. */
  forget(): void {
    this.times++;
    this.names.clear();
  }
}

/**
 * Whether a session does not have the statement any more, or its `*` has other columns since a migration. Source:
 * PostgreSQL, Appendix A: 26000 invalid_sql_statement_name, and 0A000 feature_not_supported of this function.
 */
export function isForgotten(error: unknown): boolean {
  const { code, routine } = error as { code?: string; routine?: string };
  return code === '26000' || (code === '0A000' && routine === 'RevalidateCachedQuery');
}
