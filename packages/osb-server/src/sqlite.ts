export type { EncryptionKey, EncryptionOptions } from './stores/encryption.js'
export { sqliteStore, type SqliteStoreOptions } from './stores/sqlite-store.js'
export type { EncryptedStore, RekeyOptions, RekeyResult } from './stores/sql/rekey.js'
export { isStoreError, StoreError, type StoreErrorCode } from './stores/store-error.js'
