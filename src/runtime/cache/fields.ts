/** Reading and filtering raw header lines. Pure. */
import type { RawHeaders } from './messages.js';

/** Fields of one connection, never stored (RFC 9110 7.6.1, RFC 9111 3.1). */
const CONNECTION_FIELDS = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Every value of a field, one per line, in their order. `name` is in lower case. */
export function lines(headers: RawHeaders, name: string): string[] {
  const found: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (isNamed(headers[at]!, name)) found.push(headers[at + 1]!);
  }
  return found;
}

/** The value of a field's first line. */
export function firstLine(headers: RawHeaders, name: string): string | undefined {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (isNamed(headers[at]!, name)) return headers[at + 1]!;
  }
  return undefined;
}

/** All lines of a field as one list (RFC 9110 5.3); undefined when the field is absent. */
export function combined(headers: RawHeaders, name: string): string | undefined {
  const found = lines(headers, name);
  return found.length === 0 ? undefined : found.join(', ');
}

/** The lines whose lower-case name passes. */
export function keepFields(headers: RawHeaders, keep: (name: string) => boolean): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (keep(headers[at]!.toLowerCase())) kept.push(headers[at]!, headers[at + 1]!);
  }
  return kept;
}

/**
 * What may be stored of a response's header (RFC 9111 3.1): all of it, but the fields of the
 * connection, those that `Connection` names, and those that a qualified `no-cache` or `private` names.
 */
export function storableFields(headers: RawHeaders, withheld: readonly string[]): string[] {
  const named = new Set([...listMembers(lines(headers, 'connection')), ...withheld]);
  return keepFields(headers, (name) => !CONNECTION_FIELDS.has(name) && !named.has(name));
}

/** The members of a comma-separated list over several lines, trimmed, in lower case. */
export function listMembers(values: readonly string[]): string[] {
  return values
    .flatMap((value) => value.split(','))
    .map((member) => member.trim().toLowerCase())
    .filter((member) => member !== '');
}

function isNamed(field: string, name: string): boolean {
  return field.length === name.length && (field === name || field.toLowerCase() === name);
}
