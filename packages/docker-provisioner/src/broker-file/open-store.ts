import type { BrokerStore } from 'osb-server'
import type { LoadedBrokerFile } from './read-broker-file.js'

/** The store that a broker's file names. @throws StoreError when it cannot be opened */
export async function openStore({ config, encryptionKey, path }: LoadedBrokerFile): Promise<BrokerStore> {
  if ('sqlite' in config.store) {
    const { sqliteStore } = await import('osb-server/sqlite')
    return sqliteStore({ file: path(config.store.sqlite), encryptionKey })
  }
  const { postgresStore } = await import('osb-server/postgres')
  return postgresStore({ connectionString: config.store.postgres, encryptionKey })
}
