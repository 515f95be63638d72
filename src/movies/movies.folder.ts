import type { KindFolder } from '../generation/kind.js';
import { GenerateMovieDto, movieSubmission } from './movies.dto.js';

export const MOVIES_FOLDER: KindFolder = {
  request: { dto: GenerateMovieDto, check: movieSubmission },
  routes: async () => ({ module: (await import('./movies.module.js')).MoviesModule }),
  kind: async () => (await import('./movies.kind.js')).MOVIES,
};
