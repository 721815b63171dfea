/** Names of new add-ons, in Heroku's form: `postgresql-curly-12345`. */

const ADJECTIVES = `
acute angular animate clean clear closed colorful concave concentric contoured convex corrugated
crystalline cubed curly curved cylindrical deep defined dimensional elliptical encircled fitted
flat flexible fluffy globular graceful horizontal infinite lively metric opaque parallel pointy
polished rectangular regular rigid round shallow shaped silhouetted sinuous slippery solid
spherical sunny symmetrical tapered transparent trapezoidal vertical
`
  .trim()
  .split(/\s+/);

/** @param prefix of the service @param taken names that are there already */
export function newAddonName(prefix: string, taken: ReadonlySet<string>): string {
  for (;;) {
    const adjective = ADJECTIVES[below(ADJECTIVES.length)];
    const name = `${prefix}-${adjective}-${10_000 + below(90_000)}`;
    if (!taken.has(name)) return name;
  }
}

/** A whole number from 0 up to, not including, `limit`. */
function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}
