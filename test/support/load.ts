/** Requests without pause on some connections, and what became of each. */
import { Agent, get } from 'node:http';

export class Load {
  ok = 0;
  readonly failed: string[] = [];
  private readonly agent: Agent;
  private readonly loops: Promise<void>[];
  private state: 'running' | 'stopping' = 'running';

  constructor(
    private readonly port: number,
    connections = 16,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
    this.loops = Array.from({ length: connections }, () => this.loop());
  }

  /** Lets the last requests end. */
  async stop(): Promise<void> {
    this.state = 'stopping';
    await Promise.all(this.loops);
    this.agent.destroy();
  }

  private async loop(): Promise<void> {
    while (this.state === 'running') {
      const result = await this.one();
      if (result === 'ok') this.ok += 1;
      else this.failed.push(result);
    }
  }

  private one(): Promise<string> {
    return new Promise((resolve) => {
      get({ port: this.port, host: '127.0.0.1', agent: this.agent }, (response) => {
        response.resume().on('error', (error) => resolve(error.message));
        response.on('end', () =>
          resolve(response.statusCode === 200 ? 'ok' : String(response.statusCode)),
        );
      }).on('error', (error) => resolve(error.message));
    });
  }
}
