export type Labels = Record<string, string>;

/** What all processes have counted under one name, with these labels. */
export interface Counter {
  name: string;
  labels: Labels;
  value: number;
}
