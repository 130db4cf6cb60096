import type { BrokerClient } from '../create-broker-client.js'
import type { PollingOptions } from '../polling/polling-options.js'
import type { BrokerClientOptions, RequestReport } from '../client-options.js'
import { PlatformError } from './platform-error.js'
import type { PlatformProfile, RequestProfile } from './profiles.js'
import type { BrokerRecord } from './state.js'
import type { UnregisteredBroker } from './world.js'

/** How clients are made. */
export interface ClientSettings {
  readonly profile: PlatformProfile
  readonly polling: 'quick' | 'platform'
  readonly unregistered: UnregisteredBroker | undefined
  readonly onRequest: ((request: RequestReport) => void) | undefined
}

/** The clients of one open platform. */
export interface Clients {
  requests(): Promise<RequestProfile>
  client(broker: BrokerRecord, apiVersion?: string): Promise<BrokerClient>
  close(): Promise<void>
}

/** Opens no connection yet; what sends requests is imported with the first client, as most commands need none. */
export function openClients(settings: ClientSettings): Clients {
  const open = new Map<string, Promise<BrokerClient>>()
  const requests = async () => (await import('./profiles.js')).requestProfiles[settings.profile]
  async function create(broker: BrokerRecord, apiVersion: string | undefined): Promise<BrokerClient> {
    const { createBrokerClient } = await import('../create-broker-client.js')
    const { quickPolling } = await import('./profiles.js')
    const profile = await requests()
    const polling = settings.polling === 'quick' ? quickPolling : profile.polling
    return createBrokerClient(clientOptionsOf(broker, settings, apiVersion ?? profile.apiVersion, polling))
  }
  return {
    requests,
    client(broker, apiVersion) {
      const key = `${broker.guid} ${broker.url} ${apiVersion ?? ''}`
      const client = open.get(key) ?? create(broker, apiVersion)
      open.set(key, client)
      return client
    },
    async close() {
      const clients = await Promise.allSettled(open.values())
      for (const client of clients) if (client.status === 'fulfilled') await client.value.close()
    },
  }
}

/** How a broker is connected to and logged in at. */
export function clientOptionsOf(
  broker: BrokerRecord,
  { unregistered, profile, onRequest }: ClientSettings,
  apiVersion: string,
  polling: PollingOptions,
): BrokerClientOptions {
  const { url, ca, skipsTlsValidation } = broker
  const tls = { ...(ca !== null && { ca }), ...(skipsTlsValidation && { insecure: true }) }
  return {
    url,
    auth: authOf(broker, unregistered),
    apiVersion,
    polling,
    onRequest,
    // What never leaves the machine needs no proxy, and most could not reach it.
    ...(isLoopback(url) ? {} : { proxy: 'environment' }),
    ...(Object.keys(tls).length > 0 && { tls }),
    orphanPolicy: profile,
    // Platforms take what they can use, and say what is wrong with the rest.
    validation: 'lenient',
  }
}

function authOf(broker: BrokerRecord, unregistered: UnregisteredBroker | undefined): BrokerClientOptions['auth'] {
  const { username, password, name, url } = broker
  if (username === null) return 'none'
  if (password !== null) return { username, password }
  if (unregistered?.url === url && unregistered.login) return unregistered.login
  const next = 'Give its login again: OSB_URL, OSB_USERNAME and OSB_PASSWORD; or register it to have it kept.'
  throw new PlatformError('LOGIN_MISSING', `the login of broker ${name} is not kept, as it is not registered`, next)
}

/** Whether an address is this very machine. */
function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(?:\.\d+){3}$/.test(hostname)
  )
}
