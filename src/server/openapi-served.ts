import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/config.js';
import { prefixOf } from '../http/base-path.js';
import { addSamples, examplePath } from './openapi-samples.js';

/** From where the document is read. */
export interface Place {
  /** As it is written before an address in a shell: `localhost:3000`, `https://films.example`. */
  host: string;
  /** Below which path the reader sees this server; empty: at the root. */
  prefix: string;
}

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const METHODS = ['get', 'post', 'delete'] as const;
/** A name or an address, and a port. What else a client claims to have called does not get into the document. */
const HOST = /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i;
/** Of the keys that are named at an operation, it is for operators alone. */
const ADMIN = 'admin';

const operationsOf = ({ paths }: OpenAPIObject) =>
  Object.entries(paths).flatMap(([path, item]) =>
    METHODS.flatMap((method) => (item[method] ? [{ path, method, operation: item[method] }] : [])),
  );

/** Names a key only where the settings ask for one. Changes the document. */
export function inForce(
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

/** A copy with the address of the server, and with lines for a shell that call it. */
export function seenFrom(document: OpenAPIObject, { host, prefix }: Place): OpenAPIObject {
  const copy = structuredClone(document);
  for (const { path, method, operation } of operationsOf(copy))
    addSamples(method, host + prefix + examplePath(path, operation), operation);
  return { ...copy, servers: [{ url: prefix || '/', description: 'This server' }] };
}

/** Where the client of a request sees this server, as far as it can be believed. */
export function placeOf(request: FastifyRequest): Place {
  const { host, protocol } = request;
  const shown = HOST.test(host) ? host : 'localhost:3000';
  return { host: protocol === 'https' ? `https://${shown}` : shown, prefix: prefixOf(request) };
}
