/** A text to be found anywhere in a column, with LIKE's own signs taken literally. */
export const containing = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
