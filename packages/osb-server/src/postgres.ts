/**
 * A store in PostgreSQL, for brokers of several processes. Needs the package `pg`.
 * @module
 */
export type { EncryptionKey, EncryptionOptions } from './stores/encryption.js'
export type { PostgresConnection } from './stores/postgres-pool.js'
export { postgresStore, type PostgresStoreOptions } from './stores/postgres-store.js'
export type { EncryptedStore, RekeyOptions, RekeyResult } from './stores/sql/rekey.js'
export { isStoreError, StoreError, type StoreErrorCode } from './stores/store-error.js'
