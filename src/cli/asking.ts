/** Methods of requests that change something. */
export type Changes = 'POST' | 'PUT' | 'DELETE';

export interface Ask {
  path: string;
  method?: 'GET' | Changes;
  body?: object;
  headers?: Record<string, string>;
  answerMs?: number;
  /** Items of a batch. */
  items?: number;
  /** The answer is read as it comes, for as long as this signal allows: its body is the response. */
  streamed?: AbortSignal;
}

export interface Reply<T> {
  status: number;
  headers: Headers;
  body: T;
}
