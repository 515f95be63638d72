import { Module } from '@nestjs/common';
import { AcceptModule } from '../accept/accept.module.js';
import { PeopleController } from './people.controller.js';
import { PeopleReader } from './people.reader.js';

@Module({
  imports: [AcceptModule],
  controllers: [PeopleController],
  providers: [PeopleReader],
})
export class PeopleModule {}
