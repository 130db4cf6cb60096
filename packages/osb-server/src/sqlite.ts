export type { EncryptionKey, EncryptionOptions } from './stores/encryption.js'
export { sqliteStore, type SqliteStoreOptions } from './stores/sqlite-store.js'
export { isStoreError, StoreError, type StoreErrorCode } from './stores/store-error.js'
