'use strict';

/** `npm start` runs the server. */
require('./launch.js').launch('main.js');
