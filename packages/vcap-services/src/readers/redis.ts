import { mask } from '../mask.js'
import { authorityOf, userinfoOf } from './connection-uri.js'
import { fieldsOf, refuse, type CredentialsHolder } from './fields.js'
import { findUri, readServer, type ServerAddress, type ServerKind, type ServerService } from './server.js'
import { toTlsOptions, type TlsOptions } from './tls.js'

/** A Redis or Valkey server. Logs and JSON show it as `[hidden]`; its fields are plain. */
export interface RedisService extends ServerService {
  /** The number of the database. */
  readonly database: number | null
}

/** Options of ioredis. */
export interface IoredisOptions {
  readonly host: string
  readonly port: number
  readonly username?: string
  readonly password?: string
  readonly db?: number
  readonly tls?: TlsOptions
}

const redis: ServerKind = { schemes: /^(?:rediss?|valkeys?)$/, defaultPort: 6379, tlsPortField: 'tlsport' }

/**
 * Reads the credentials of a Redis service, whatever their spelling. A `tls_port` means TLS, on that port.
 *
 * @throws {VcapError} `INVALID_CREDENTIALS` without a host, or with a port or database number that is none;
 *   `CREDHUB_REF`.
 * @example
 * const cache = readRedis(readVcapServices().get({ tag: 'redis' }))
 * const client = new Redis(toIoredisOptions(cache))
 */
export function readRedis(service: CredentialsHolder): RedisService {
  const fields = fieldsOf(service)
  const uri = findUri(fields, redis.schemes)
  const stated = fields.text('database', 'db') ?? (uri?.path || uri?.query.get('db')) ?? null
  if (stated !== null && !/^\d{1,5}$/.test(stated)) throw refuse(service, 'database', 'not a number')
  return mask({ ...readServer(fields, redis, uri), database: stated === null ? null : Number(stated) })
}

/**
 * Options for ioredis. For a cluster, pass `hosts` to it and these as its `redisOptions`.
 *
 * @param address which server. @default the first
 */
export function toIoredisOptions(service: RedisService, address: ServerAddress = service): IoredisOptions {
  const { username, password, database, tls } = service
  return mask({
    host: address.host,
    port: address.port,
    ...(username === null ? {} : { username }),
    ...(password === null ? {} : { password }),
    ...(database === null ? {} : { db: database }),
    ...(tls === null ? {} : { tls: toTlsOptions(tls) }),
  })
}

/** A connection string; certificates do not fit into it. The string is a secret. */
export function toRedisUrl({ host, port, username, password, database, tls }: RedisService): string {
  const path = database === null ? '' : `/${database}`
  return `${tls === null ? 'redis' : 'rediss'}://${userinfoOf(username, password)}${authorityOf({ host, port })}${path}`
}
