/** What the load process is told to do. Titles of one run are its own. */
export type Task =
  /** As fast as answers come, for so many seconds, or so many requests. */
  | { kind: 'accept'; port: number; connections: number; run: string; seconds?: number; count?: number }
  /** Random ones of these, as fast as answers come. `known`: with the ETag that each had at first, for a 304. */
  | { kind: 'poll'; port: number; connections: number; ids: string[]; seconds: number; known: boolean }
  /** So many a second, whether answers come or not. */
  | { kind: 'pace'; port: number; connections: number; run: string; seconds: number; rate: number };

/** What came of it. Times in milliseconds. */
export interface Load {
  /** Answers within the time. */
  answered: number;
  seconds: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Answers by status, those after the time's end too. */
  statuses: Record<number, number>;
  /** Of every 202. */
  ids: string[];
  /** By a clock of the system, since 1970, for each of `ids`; of a pace alone. */
  due: number[];
  acked: number[];
  /** What this process itself used meanwhile, seconds. */
  cpu: number;
}
