/** What Heroku's own command line is told, so that it talks to a local app. Pure. */

/**
 * @param url of the API: its scheme, 127.0.0.1 and port
 * @param gitConfig a file of its own for what it would write into the user's git configuration
 */
export function herokuEnvironment(
  url: string,
  token: string,
  app: string,
  gitConfig: string,
): Record<string, string> {
  return {
    HEROKU_HOST: url,
    HEROKU_API_KEY: token,
    HEROKU_APP: app,
    // Each of these would go to Heroku's own machines otherwise, with the token.
    HEROKU_PARTICLEBOARD_URL: url,
    HEROKU_DATA_HOST: '127.0.0.1',
    HEROKU_REDIS_HOST: '127.0.0.1',
    DISABLE_TELEMETRY: 'true',
    HEROKU_SKIP_ANALYTICS: '1',
    HEROKU_SKIP_NEW_VERSION_CHECK: 'true',
    HEROKU_DISABLE_AUTOUPDATE: '1',
    GIT_CONFIG_GLOBAL: gitConfig,
  };
}

/** Reads the user's git configuration, and is written in its place. */
export const GIT_CONFIG = '[include]\n\tpath = ~/.gitconfig\n';
