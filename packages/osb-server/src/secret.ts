const brand = Symbol.for('osb.server.Secret')
const hidden = '[secret]'

/**
 * A text that does not show itself: `console.log`, `JSON.stringify`, `util.inspect`, string conversion and the
 * enumeration of its members give `[secret]` or nothing. Taken wherever an option is a password or a key.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
    Object.defineProperty(this, brand, { value: true })
  }

  /** The text itself. */
  reveal(): string {
    return this.#value
  }

  toString(): string {
    return hidden
  }

  toJSON(): string {
    return hidden
  }

  [Symbol.toPrimitive](): string {
    return hidden
  }

  /** What Node's `util.inspect`, and so `console.log`, shows. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return hidden
  }
}

/**
 * Wraps a text so that no log shows it.
 * @throws {TypeError} when it is no text, or an empty one: a variable that was never set must not become a password
 * @example basicAuth({ username: 'platform', password: secret(process.env.BROKER_PASSWORD) })
 */
export function secret(value: string | undefined): Secret {
  if (typeof value !== 'string' || value === '') throw new TypeError('secret() needs a text that is not empty')
  return new Secret(value)
}

/** Whether a value is a `Secret`, also one of another copy of this package. */
export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true
}

/** The text of an option that may be wrapped. */
export function revealed(value: string | Secret): string {
  return isSecret(value) ? value.reveal() : value
}
