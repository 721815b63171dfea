/** The head of a request, as the router hands it round. */
/** A request's head, checked. */
export class RequestHead {
  method = 'GET';
  /** As the client wrote it; for the log. */
  target = '/';
  /** What the dyno is asked for: origin form, or `*`. */
  path = '/';
  /** Value for the Host field: of the absolute-form target if there is one. */
  host = '';
  /** HTTP/1.`minor` of the client; 2 stands for HTTP/2. */
  version: 0 | 1 | 2 = 1;
  /** End-to-end fields, flat: name, value, … Without those that the router writes itself. */
  fields: string[] = [];
  /** Bytes of body to come; CHUNKED when only the coding tells. */
  bodyLength = 0;
  /** Whether the client's connection may carry another request. */
  keepAlive = true;
  /** Protocol of `Upgrade`, when `Connection` names it too; else empty. */
  upgrade = '';
  expectsContinue = false;
  forwardedFor = '';
  requestId = '';
  via = '';
  accept = '';
  cookie = '';
  /** What a neighbour's router says of the client that it hands over. */
  handover = '';
  /** Why the request is refused, if it is; what was read until then stands in the other fields. */
  fault: HeadFault | undefined;
}

/** `bodyLength` of a chunked body. */
export const CHUNKED = -1;

/** Why a head was refused: status of the answer, `cause=` of the log line, and a sentence. */
export class HeadFault {
  constructor(
    readonly status: 400 | 405 | 414 | 417 | 505,
    readonly sentence: string,
    readonly cause = 'bad header',
  ) {}
}
