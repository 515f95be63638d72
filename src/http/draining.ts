import { Injectable, type OnModuleDestroy } from '@nestjs/common';

/**
 * From the moment the process is told to stop, every answer is the last one on its connection. Answers that leave while the
 * server closes, held polls above all, would otherwise leave connections behind whose keep-alive the stop has to wait for.
 */
@Injectable()
export class Draining implements OnModuleDestroy {
  begun = false;

  onModuleDestroy(): void {
    this.begun = true;
  }
}
