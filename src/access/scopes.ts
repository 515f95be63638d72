/** What a key may do; `admin` includes everything. */
export const SCOPES = ['generate', 'read', 'edit', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];
