/** The name of all callers without a key, who count as one. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

/** The owner of a row, where NULL (no key) must equal NULL: the unique indexes have the same expression. */
export const ownerOf = (column: string) => `COALESCE(${column}, '${NOBODY}')`;
