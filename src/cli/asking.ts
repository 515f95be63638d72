export interface Ask {
  path: string;
  method?: 'GET' | 'POST';
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
