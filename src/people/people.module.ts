import { Module } from '@nestjs/common';
import { PeopleController } from './people.controller.js';
import { PeopleReader } from './people.reader.js';
import { PeopleService } from './people.service.js';

@Module({ controllers: [PeopleController], providers: [PeopleService, PeopleReader], exports: [PeopleService] })
export class PeopleModule {}
