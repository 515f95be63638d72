export interface Ask {
  path: string;
  method?: 'GET' | 'POST';
  body?: object;
  headers?: Record<string, string>;
  answerMs?: number;
  /** Items of a batch. */
  items?: number;
}

export interface Reply<T> {
  status: number;
  headers: Headers;
  body: T;
}
