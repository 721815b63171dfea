/** The bodies that are measured, in bytes. Their paths end in the first digit of the name. */
export const BODIES = { '1 kB': 1024, '64 kB': 65_536 } as const;

export type Size = keyof typeof BODIES;

export const SIZES = Object.keys(BODIES) as Size[];
