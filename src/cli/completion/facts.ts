/** What a running app knows that can be typed: its types, dynos, keys and releases. */
import { ApiClient } from '../../runtime/api/client.js';
import { listRecords } from '../../runtime/registry.js';
import { runtimeFolder } from '../../runtime/settings.js';
import { findApp } from '../app.js';
import type { Candidate, Fact } from './wanted.js';

/** @throws PlatformError where no app runs here */
export async function factsOf(fact: Fact, wantedApp: string | undefined): Promise<Candidate[]> {
  if (fact === 'apps') {
    const records = await listRecords(runtimeFolder(process.env));
    return records.map(({ name, directory }) => ({ word: name, about: directory }));
  }
  const { id, socket } = await findApp(wantedApp);
  const api = new ApiClient(socket);
  const get = <T>(what: string) => api.request<T>('GET', `/apps/${id}/${what}`);
  switch (fact) {
    case 'types':
    case 'types=': {
      const rows = await get<{ type: string; quantity: number; command: string }[]>('formation');
      const end = fact === 'types=' ? '=' : '';
      return rows.map(({ type, command }) => ({ word: type + end, about: command }));
    }
    case 'dynos': {
      const dynos = await get<{ name: string; state: string }[]>('dynos');
      return dynos.map(({ name, state }) => ({ word: name, about: state }));
    }
    case 'keys':
    case 'keys=': {
      const keys = Object.keys(await get<object>('config-vars'));
      return keys.map((key) => ({ word: fact === 'keys=' ? `${key}=` : key, about: '' }));
    }
    case 'releases': {
      const releases = await get<{ version: number; description: string }[]>('releases');
      const newest = releases.toReversed();
      return newest.map(({ version, description }) => ({
        word: `v${version}`,
        about: description,
      }));
    }
    case 'features': {
      const features = await get<{ name: string; description: string }[]>('features');
      return features.map(({ name, description }) => ({ word: name, about: description }));
    }
  }
}
