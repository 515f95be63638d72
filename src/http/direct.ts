import { SetMetadata } from '@nestjs/common';

export const DIRECT = 'direct';

/**
 * For a route that is called far more often than others, and has no interceptors. It is answered past Nest's pipeline.
 * The door, the reading of parameters and the method are the same: server/direct-routes.ts.
 */
export const Direct = () => SetMetadata(DIRECT, true);
