/** The folder of the installation. */
export const ROOT: string;
/** The version in package.json. */
export const version: string;
