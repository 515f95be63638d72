#!/usr/bin/env node
'use strict';

/** `npx moviemind …`: the commands. */
require('./launch.js').launch('cli.js');
