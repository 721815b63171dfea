/** What a check of `paas doctor` found. */

/** `hint` costs nothing but a feature; `fault` keeps apps from running as they should. */
export interface Finding {
  readonly name: string;
  readonly verdict: 'good' | 'hint' | 'fault';
  /** What was found and, unless it is good, what to do. */
  readonly text: string;
}

export function good(name: string, text: string): Finding {
  return { name, verdict: 'good', text };
}

export function hint(name: string, text: string): Finding {
  return { name, verdict: 'hint', text };
}

export function fault(name: string, text: string): Finding {
  return { name, verdict: 'fault', text };
}
