import { createHash } from 'node:crypto'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/**
 * Hash of any texts as 26 characters `[a-z2-7]` (130 bits). The same texts always give the same name, and no choice of
 * ids (5,000 characters, Unicode, `../`) can make two lists of texts collide or leave the alphabet.
 */
export function hashedName(...texts: readonly string[]): string {
  const digest = createHash('sha256').update(JSON.stringify(texts)).digest()
  return [...digest.subarray(0, 26)].map((byte) => alphabet[byte % 32]).join('')
}

/** The names of one service instance's resources: at most 32 characters of `[a-z0-9]`. */
export interface InstanceNames {
  /** Value of `labels.instance`. */
  readonly instance: string
  readonly container: string
  /** The container before an update, until the new one has proved itself. */
  readonly keptContainer: string
  readonly network: string
  readonly volume: (mount: string) => string
  /** The copy of a volume while the image changes. */
  readonly backup: (mount: string) => string
}

/** @param tenant the empty string where the broker has none */
export function instanceNames(tenant: string, instanceId: string): InstanceNames {
  const instance = hashedName('instance', tenant, instanceId)
  return {
    instance,
    container: `osbc${instance}`,
    keptContainer: `osbk${instance}`,
    network: `osbn${instance}`,
    volume: (mount) => `osbv${hashedName('volume', tenant, instanceId, mount)}`,
    backup: (mount) => `osbb${hashedName('volume', tenant, instanceId, mount)}`,
  }
}

/** The name of an instance's database: 27 characters of `[a-z0-9]`, beginning with a letter. */
export function databaseName(tenant: string, instanceId: string): string {
  return `d${hashedName('database', tenant, instanceId)}`
}

/** The login name of one binding: at most 32 characters of `[a-z0-9]`, beginning with a letter. */
export function bindingUsername(tenant: string, instanceId: string, bindingId: string): string {
  return `u${hashedName('binding', tenant, instanceId, bindingId)}`
}
