import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { BatchReader } from './batch-reader.js';
import { BatchVisibility } from './batch-visibility.js';
import { BatchesController } from './batches.controller.js';
import { BatchesService } from './batches.service.js';

@Module({
  imports: [LedgerModule],
  controllers: [BatchesController],
  providers: [BatchesService, BatchReader, BatchVisibility],
  exports: [BatchesService, BatchVisibility],
})
export class BatchesModule {}
