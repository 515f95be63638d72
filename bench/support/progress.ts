/** What goes on, on one line that is written over; nothing where nobody looks. */
export function progressLine() {
  const { stderr } = process;
  const began = performance.now();
  return {
    say(line: string): void {
      const passed = Math.round((performance.now() - began) / 1000);
      if (stderr.isTTY) stderr.write(`\r\x1b[K${passed} s  ${line}`.slice(0, (stderr.columns || 80) + 4));
    },
    end(): void {
      if (stderr.isTTY) stderr.write('\r\x1b[K');
    },
  };
}
