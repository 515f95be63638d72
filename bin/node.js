'use strict';

/**
 * Decides which Node runs the program. This file and those that use it are written for any Node, however old. A Node
 * that is too old must print one line and no stack.
 */
const { existsSync } = require('fs');
const { join } = require('path');

const ROOT = join(__dirname, '..');
const { engines, version } = require('../package.json');
/** The Node that `npm ci` installs for machines whose own Node is older. */
const INSTALLED = join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

const numbers = (text) =>
  text
    .replace(/^[^\d]*/, '')
    .split('.')
    .map(Number);

/** @returns whether this version of Node runs the program, by `engines` of package.json */
function suits(candidate) {
  const [major, minor] = numbers(candidate);
  const [leastMajor, leastMinor] = numbers(engines.node);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** @returns the message for a Node that is too old */
function tooOld() {
  const cure = existsSync(INSTALLED)
    ? 'use node_modules/.bin/node, as npm start and npx moviemind do'
    : 'install Node 24, or run npm ci --include=dev (not with --ignore-scripts), which brings it';
  const least = numbers(engines.node).slice(0, 2).join('.');
  return `MovieMind needs Node >= ${least}, this is ${process.versions.node}: ${cure}`;
}

module.exports = { ROOT, INSTALLED, version, suits, tooOld };
