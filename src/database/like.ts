/** A LIKE pattern that finds the text anywhere in a column; LIKE's own signs are taken literally. */
export const containing = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;
