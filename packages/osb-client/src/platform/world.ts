import type { BrokerClient } from '../create-broker-client.js'
import type { Clock } from '../clock.js'
import type { PlatformProfile, RequestProfile } from './profiles.js'
import type { StateFile } from './state-file.js'
import type { BrokerRecord } from './state.js'

/** Where a broker is that is not registered, and how to log in; nothing of the login is kept. */
export interface UnregisteredBroker {
  readonly url: string
  readonly login?: { readonly username: string; readonly password: string } | undefined
  /** PEM of the authority of its certificate. */
  readonly ca?: string | undefined
  readonly skipsTlsValidation?: boolean | undefined
}

/** What all operations of one open platform share. */
export interface World {
  readonly file: StateFile
  readonly profile: PlatformProfile
  readonly clock: Clock
  readonly unregistered: UnregisteredBroker | undefined
  /** Its record once its catalog has been read; it comes into the state with the first instance. */
  readonly read: { broker?: BrokerRecord }
  /** The requests of the profile; imported when the first is made. */
  requests(): Promise<RequestProfile>
  /** A client of the broker; one for each while the platform is open. */
  client(broker: BrokerRecord, apiVersion?: string): Promise<BrokerClient>
}
