import { Module } from '@nestjs/common';
import { AcceptModule } from '../accept/accept.module.js';
import { CatalogModule } from '../catalog/catalog.module.js';
import { EditsModule } from '../edits/edits.module.js';
import { PersonEditsController } from './person-edits.controller.js';
import { PeopleController } from './people.controller.js';
import { PeopleExchangeController } from './people.exchange.controller.js';
import { PeopleReader } from './people.reader.js';

@Module({
  imports: [AcceptModule, CatalogModule, EditsModule],
  controllers: [PeopleController, PeopleExchangeController, PersonEditsController],
  providers: [PeopleReader],
})
export class PeopleModule {}
