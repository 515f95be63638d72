/** For a field that narrows a list: all, or one of these. */
export const optionsOf = (all: string, names: Record<string, string>) => [
  { value: '', label: all },
  ...Object.entries(names).map(([value, label]) => ({ value, label })),
];
