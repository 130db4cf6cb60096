import { writeFile } from 'node:fs/promises'
import { type BrokerClient, generateCatalogClient } from 'osb-client'

export async function generate(client: BrokerClient, path: string): Promise<void> {
  await writeFile(path, generateCatalogClient(await client.cachedCatalog()))
}
