/** The queue driver under test; set by the jest project. */
declare var DRIVER: 'redis' | 'database';
