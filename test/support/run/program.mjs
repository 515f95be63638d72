import 'reflect-metadata';

/** What a server in a test is made of; as built, and thus without jest's transform. */
export { Config } from '../../../dist/modules/src/config/config.js';
export { JobChanges } from '../../../dist/modules/src/jobs/job-changes.js';
export { closeApp, createApp } from '../../../dist/modules/src/server/app.js';
export { openApiDocument } from '../../../dist/modules/src/server/openapi.js';
export { default as pg } from 'pg';
export { DataSource } from 'typeorm';
