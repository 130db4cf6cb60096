import { Redis } from 'ioredis'

export interface RedisCredentials {
  readonly uri: string
}

/** Runs one command with the login of a binding. @throws when the login is refused or the server is not there */
export async function redisCall({ uri }: RedisCredentials, name: string, ...args: string[]): Promise<unknown> {
  const client = new Redis(uri, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
  client.on('error', () => {})
  try {
    await client.connect()
    return await client.call(name, ...args)
  } finally {
    client.disconnect()
  }
}
