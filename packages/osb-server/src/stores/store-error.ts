const brand = Symbol.for('osb.server.StoreError')

/**
 * Why a store refused, by stable code:
 * - `CLOSED`: used after `close()`
 * - `IN_USE`: another process, or another store of this one, has the file open
 * - `DRIVER_MISSING`: the database driver, an optional peer, could not be loaded
 * - `CANNOT_OPEN`: the file or its folder cannot be opened
 * - `UNREACHABLE`: the database server cannot be reached, or the connection was lost
 * - `NEWER_SCHEMA`: a later version of this package has migrated the database
 * - `INVALID_KEY`: an encryption key is missing or not 32 bytes
 * - `WRONG_KEY`: the database holds values of a key that was not given
 * - `CORRUPT`: a stored value was changed, or moved to another column or record
 */
export type StoreErrorCode =
  | 'CLOSED'
  | 'IN_USE'
  | 'DRIVER_MISSING'
  | 'CANNOT_OPEN'
  | 'UNREACHABLE'
  | 'NEWER_SCHEMA'
  | 'INVALID_KEY'
  | 'WRONG_KEY'
  | 'CORRUPT'

/** An error of a store. Its message never holds a key or a stored secret. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    Object.defineProperty(this, brand, { value: true })
    this.code = code
  }

  static closed(): StoreError {
    return new StoreError('CLOSED', 'the store is closed')
  }
}

/** Whether a value is a `StoreError`, also one of another copy of this package. */
export function isStoreError(value: unknown): value is StoreError {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true
}
