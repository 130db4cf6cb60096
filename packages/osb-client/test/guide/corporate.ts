import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BrokerClient, createBrokerClient, type TokenProvider } from 'osb-client'

export function corporateClient(url: string, folder: string, token: TokenProvider): BrokerClient {
  return createBrokerClient({
    url,
    auth: { token },
    proxy: 'environment',
    tls: {
      ca: readFileSync(join(folder, 'corporate-ca.pem')),
      cert: readFileSync(join(folder, 'platform.pem')),
      key: readFileSync(join(folder, 'platform.key')),
    },
  })
}
