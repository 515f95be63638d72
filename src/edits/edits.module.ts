import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { Blocks } from './blocks.service.js';
import { Corrections } from './corrections.js';
import { Imports } from './import.js';
import { OwnTexts } from './own-texts.js';
import { Removing } from './removing.js';
import { SampledTexts } from './sampled-texts.js';
import { TextReviews } from './text-reviews.js';

const EDITS = [Blocks, Corrections, Imports, OwnTexts, Removing, SampledTexts, TextReviews];

/** What people change of films and people themselves, and what they think of texts. */
@Module({ imports: [LedgerModule], providers: EDITS, exports: EDITS })
export class EditsModule {}
