/** What is there at once, or has to be waited for. */
export type MaybePromise<Value> = Value | Promise<Value>

/**
 * Whether there is something to wait for. Most steps of a request end at once; an `await` for each of them would cost
 * more than the steps do. Tells by `then`, so that promises of every kind are waited for.
 */
export function isPromise<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof (value as Partial<PromiseLike<Value>> | null | undefined)?.then === 'function'
}
