/**
 * Preloaded into one process of a test: counts what it hashes and parses, and draws from the system's random. On
 * SIGUSR2 it says on stdout how often each was done so far, and with how many letters.
 */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

const counts = { hashes: 0, parsed: 0, parsedLetters: 0, written: 0, random: 0 };

/** Counts the calls of a function. */
function counted(object, name, count) {
  const own = object[name];
  object[name] = function (...parameters) {
    count(parameters);
    return Reflect.apply(own, this, parameters);
  };
}

for (const name of ['createHash', 'createHmac', 'hash']) counted(crypto, name, () => counts.hashes++);
for (const name of ['randomBytes', 'randomFillSync', 'randomUUID']) counted(crypto, name, () => counts.random++);
counted(Object.getPrototypeOf(globalThis.crypto), 'getRandomValues', () => counts.random++);
syncBuiltinESMExports();
counted(JSON, 'parse', ([text]) => {
  counts.parsed++;
  counts.parsedLetters += String(text).length;
});
counted(JSON, 'stringify', () => counts.written++);

process.on('SIGUSR2', () => console.log(`COUNTED ${Object.values(counts).join(' ')}`));
