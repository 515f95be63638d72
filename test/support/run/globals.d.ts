/** The queue driver under test; set by the jest project. */
declare var DRIVER: 'redis' | 'database';
/** A name of browsers that Node's types leave out; the client's generated code uses it. */
type BodyInit = NonNullable<RequestInit['body']>;
/** The program, loaded by Node itself: see environment.mjs. */
declare var PROGRAM: Pick<typeof import('../../../src/server/app.js'), 'closeApp' | 'createApp'> &
  Pick<typeof import('../../../src/server/openapi.js'), 'openApiDocument'> &
  Pick<typeof import('../../../src/config/config.js'), 'Config'> &
  Pick<typeof import('../../../src/jobs/job-changes.js'), 'JobChanges'> &
  Pick<typeof import('typeorm'), 'DataSource'> & { pg: typeof import('pg') };
