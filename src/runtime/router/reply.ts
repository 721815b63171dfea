/** Where an answer to a client goes, whatever protocol the client speaks. */
export interface Reply {
  /** True once the head of the final answer was given: no error page can follow. */
  readonly started: boolean;
  /** Bytes wait for a client that reads slowly: give no more until the exchange hears `drained`. */
  readonly full: boolean;
  /** Sends an informational answer (1xx), if the client understands those. */
  inform(status: number, fields: readonly string[]): void;
  /**
   * Begins the final answer.
   * @param fields end-to-end fields, flat, without Content-Length
   * @param length bytes of body, -1 when only its end tells; for a bodiless answer, what
   *   Content-Length shall say
   * @param bodiless nothing follows: HEAD, 204, 304
   */
  start(
    status: number,
    reason: string,
    fields: readonly string[],
    length: number,
    bodiless: boolean,
  ): void;
  /** @returns false when the client reads slower than this */
  write(piece: Buffer): boolean;
  /** Ends the answer. @param trailers flat; dropped where the protocol version has none */
  end(trailers: readonly string[]): void;
  /** No other request comes on this connection after the answer. Before `start`. */
  close(): void;
  /** Breaks the answer off so that the client cannot take it for a whole one. */
  cut(): void;
}
