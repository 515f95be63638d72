/** Of package.json. */
export const version: string;
