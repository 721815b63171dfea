/** Bucketeer: a bucket that speaks as much of S3 as apps use, in a folder of this machine. */
import { PlatformError } from '../../errors.js';
import type { Addon } from '../../model.js';
import type { AddonProvider, Place, Provisioned, RunningAddon, Service } from '../provider.js';
import { hex } from '../secret.js';
import { HOST, listening } from '../server/loopback.js';
import { Objects } from './objects.js';
import { bucketServer } from './server.js';

const REGION = 'us-east-1';

const SERVICE: Service = {
  name: 'bucketeer',
  alsoCalled: ['s3', 'bucket'],
  title: 'Bucketeer',
  prefix: 'bucketeer',
  plans: [{ name: 'hobbyist', description: 'as much as the disk holds' }],
  attachment: { first: 'BUCKETEER', further: 'BUCKETEER' },
  perApp: 'many',
};

export const bucket: AddonProvider = {
  service: SERVICE,

  async provision(_plan, place): Promise<Provisioned> {
    const name = `bucketeer-${hex(16)}`;
    const key = { id: `AKIA${hex(8).toUpperCase()}`, secret: hex(20) };
    return { config: configOf(name, key, await place.port()), settings: {} };
  },

  async start(addon: Addon, place: Place): Promise<RunningAddon> {
    const { config: kept } = addon;
    const name = kept['BUCKET_NAME'] ?? '';
    const key = {
      id: kept['AWS_ACCESS_KEY_ID'] ?? '',
      secret: kept['AWS_SECRET_ACCESS_KEY'] ?? '',
    };
    const port = await place.port(Number(new URL(kept['ENDPOINT_URL'] ?? '').port));
    const objects = await Objects.open(place.folder);
    const server = bucketServer({ name, region: REGION, key }, objects, (error) =>
      place.log(`A request failed: ${error.message}`),
    );
    await listening(server, port);
    place.log(`Bucket ${name} at http://${HOST}:${port}, ${objects.keys().length} objects`);
    return {
      config: configOf(name, key, port),
      status: () => 'up',
      act: async (action) => {
        if (action === 'info') return { objects: objects.keys().length, size: objects.size };
        throw new PlatformError('not_found', `A bucket has no action ${action}.`);
      },
      stop: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  },
};

function configOf(name: string, { id, secret }: { id: string; secret: string }, port: number) {
  return {
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secret,
    AWS_REGION: REGION,
    BUCKET_NAME: name,
    ENDPOINT_URL: `http://${HOST}:${port}`,
  };
}
