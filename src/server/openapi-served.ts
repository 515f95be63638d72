import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/config.js';
import { prefixOf } from '../http/base-path.js';
import { examplePath, type Sample, samplesOf } from './openapi-samples.js';
import { target } from './openapi-reference.js';

/** Where the reader sees this server. */
interface Place {
  /** As written in an address: `localhost:3000`, `https://films.example`. */
  host: string;
  /** The path below which the reader sees this server; empty: at the root. */
  prefix: string;
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const SAMPLES = 'x-codeSamples';
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
/** A name or an address, and a port. Any other Host header of a client is not copied into the document. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;
/** An operation that names this scope is for operators only. */
const ADMIN = 'admin';

/** All operations, with path and method. */
export const operationsOf = ({ paths }: OpenAPIObject) =>
  Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => (item[method] ? [{ path, method, operation: item[method] }] : [])),
  );

/** Keeps the need for a key only where the settings require one. Changes the document. */
export function withRequiredKeys(
  document: OpenAPIObject,
  { authRequired, publicReads }: Pick<Config, 'authRequired' | 'publicReads'>,
): OpenAPIObject {
  for (const { operation } of operationsOf(document)) {
    const keys = (operation.security ?? []).filter((one) => Object.keys(one).length > 0);
    const published = keys.length !== (operation.security ?? []).length;
    const open = published ? !authRequired || publicReads : !authRequired && !isForOperators(keys);
    operation.security = open ? [] : keys;
  }
  return document;
}

const isForOperators = (keys: NonNullable<Operation['security']>) =>
  keys.some((key) => Object.values(key).flat().includes(ADMIN));

/** A copy with the address of the server and with shell lines that call it. */
export function servedAt(document: OpenAPIObject, { host, prefix }: Place): OpenAPIObject {
  const copy = structuredClone(document);
  for (const { path, method, operation } of operationsOf(copy)) {
    const resolved = dereferenced(copy, operation);
    const samples = samplesOf(method, host + prefix + examplePath(path, resolved), resolved);
    Object.assign(operation, { [SAMPLES]: samples });
  }
  return { ...copy, servers: [{ url: prefix || '/', description: 'This server' }] };
}

/**
 * Adds the shell lines to the descriptions, because the page does not know the extension for tools. Changes the
 * document.
 */
export function withVisibleSamples(document: OpenAPIObject): OpenAPIObject {
  for (const { operation } of operationsOf(document)) {
    const sources = (operation as { [SAMPLES]?: Sample[] })[SAMPLES]!.map(({ source }) => source);
    const block = `\`\`\`sh\n${sources.join('\n')}\n\`\`\``;
    operation.description = [operation.description, block].filter(Boolean).join('\n\n');
  }
  return document;
}

/** The operation with the referenced parts of its request in place of the references. */
function dereferenced(document: OpenAPIObject, operation: Operation): Operation {
  const { parameters = [], responses } = operation;
  const success = responses['200'] && { 200: target(document, responses['200']) };
  return { ...operation, parameters: parameters.map((one) => target(document, one)), responses: { ...success } };
}

/** Where the client sees this server, as far as its headers are trusted. */
export function placeOf(request: FastifyRequest): Place {
  const { host, protocol } = request;
  const shown = HOST.test(host) ? host : 'localhost:3000';
  return { host: protocol === 'https' ? `https://${shown}` : shown, prefix: prefixOf(request) };
}
