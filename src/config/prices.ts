import type { Prices } from '../domain/usage.js';

/** The last `=` ends the name, for a name may contain one. */
const PRICE = /^([^\s;]+)=(\d{1,9}(?:\.\d{1,9})?)\/(\d{1,9}(?:\.\d{1,9})?)$/;

/** Reads `gpt-4.1-mini=0.40/1.60,gpt-4.1-nano=0.10/0.40`. @throws Error that says what it takes */
export function pricesOf(text: string): Prices {
  const prices = new Map<string, { input: number; output: number }>();
  for (const item of text.split(',')) {
    const [, model, input, output] = PRICE.exec(item.trim()) ?? [];
    if (model === undefined)
      throw new Error('takes model=in/out, money per million tokens, comma separated: gpt-4.1-mini=0.40/1.60');
    if (prices.has(model)) throw new Error(`names ${model} twice`);
    prices.set(model, { input: Number(input), output: Number(output) });
  }
  return prices;
}
