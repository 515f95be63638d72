/** Whose something is, where nobody's (NULL) must be equal to nobody's: the expression of the unique indexes. */
export const ownerOf = (column: string) => `COALESCE(${column}, '00000000-0000-0000-0000-000000000000')`;
