#!/usr/bin/env node
'use strict';

/** `npx moviemind …` runs the commands. */
require('./launch.js').launch('cli.js');
