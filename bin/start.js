'use strict';

/** `npm start`: the server. */
require('./launch.js').launch('main.js');
