import type { BuildOptions } from 'esbuild';

/** What is made, for whoever bundles the program. */
export const FORM: BuildOptions & { write: false };
/** The package of an import. */
export const NAME: RegExp;
/** What a library says that would load a second copy of what it asks for. */
export const OWN_REQUIRE: RegExp;
