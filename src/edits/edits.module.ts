import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { Blocks } from './blocks.service.js';
import { Corrections } from './corrections.js';
import { Imports } from './import.js';
import { OwnTexts } from './own-texts.js';
import { Removing } from './removing.js';

const EDITS = [Blocks, Corrections, Imports, OwnTexts, Removing];

/** What people change of films and people themselves. */
@Module({ imports: [LedgerModule], providers: EDITS, exports: EDITS })
export class EditsModule {}
