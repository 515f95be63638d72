import 'reflect-metadata';

/** What a server in a test is made of; as built, and thus without jest's transform. */
export { Config } from '../../../dist/src/config/config.js';
export { JobChanges } from '../../../dist/src/jobs/job-changes.js';
export { closeApp, createApp } from '../../../dist/src/server/app.js';
export { openApiDocument } from '../../../dist/src/server/openapi.js';
export { default as pg } from 'pg';
export { DataSource } from 'typeorm';
