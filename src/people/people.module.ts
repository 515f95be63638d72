import { Module } from '@nestjs/common';
import { AcceptModule } from '../accept/accept.module.js';
import { LlmModule } from '../llm/llm.module.js';
import { PeopleController } from './people.controller.js';
import { PeopleReader } from './people.reader.js';
import { PeopleService } from './people.service.js';

@Module({
  imports: [AcceptModule, LlmModule],
  controllers: [PeopleController],
  providers: [PeopleService, PeopleReader],
  exports: [PeopleService],
})
export class PeopleModule {}
