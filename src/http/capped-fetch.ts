/** A peer's answer is too long, so it was not read to its end. */
export class AnswerTooLong extends Error {
  constructor(limit: number) {
    super(`the answer is larger than ${limit / 1024 ** 2} MiB`);
  }
}

/**
 * `fetch` for a peer that is not trusted. When an answer exceeds `limit` bytes, counted after it is unpacked, the
 * reader gets {@link AnswerTooLong} and the connection is closed. The caller limits the time (`signal`).
 */
export const cappedFetch =
  (limit: number): typeof fetch =>
  async (input, init) => {
    const response = await fetch(input, init);
    if (!response.body) return response;
    let left = limit;
    const counting = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        left -= chunk.byteLength;
        if (left < 0) throw new AnswerTooLong(limit);
        controller.enqueue(chunk);
      },
    });
    return new Response(response.body.pipeThrough(counting), response);
  };
