/** The queue driver under test; set by the jest project. */
declare var DRIVER: 'redis' | 'database';
/** A name of browsers that Node's types leave out; the client's generated code uses it. */
type BodyInit = NonNullable<RequestInit['body']>;
