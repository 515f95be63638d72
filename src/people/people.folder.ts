import type { KindFolder } from '../generation/kind.js';
import { GeneratePersonDto, personSubmission } from './people.dto.js';

export const PEOPLE_FOLDER: KindFolder = {
  request: { dto: GeneratePersonDto, check: personSubmission },
  routes: async () => ({ module: (await import('./people.module.js')).PeopleModule }),
  kind: async () => (await import('./people.kind.js')).PEOPLE,
};
