/** How a reader of the log that cannot keep up holds back who floods it, for a short while. */
export interface Brake {
  /** Stop reading the output of this process (`web.1`); said again while more of it comes. */
  hold(process: string): void;
  /** Read all of them again that this reader holds. */
  release(): void;
}
