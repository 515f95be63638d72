export { BatchGeneration } from './batch.js';
export * from './errors.js';
export { type DoneJob, Generation } from './generation.js';
export * from './generated/index.js';
export {
  type GenerateOptions,
  MovieMind,
  type MovieMindOptions,
  type BatchOptions,
  type MovieRequest,
  type PersonRequest,
} from './movie-mind.js';
export { isFinished, type WaitOptions } from './wait.js';
export { watchJob, type WatchOptions } from './watch.js';
