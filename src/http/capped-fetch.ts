/** A peer's answer was not read to its end. */
export class AnswerTooLong extends Error {
  constructor(limit: number) {
    super(`the answer is larger than ${limit / 1024 ** 2} MiB`);
  }
}

/**
 * `fetch` for a peer that is not believed: whoever reads an answer of more than `limit` bytes, counted after it is
 * unpacked, gets {@link AnswerTooLong}, and the connection is closed. How long a body may take is the caller's
 * business (`signal`).
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
