import type { HandlerContext } from '../offering/handlers.js'
import type { OperationControl } from './running-operation.js'

type OpenContext = Omit<HandlerContext, 'signal'>

/** What a handler is given: what every handler gets, and what is its own. */
export function handlerInput<Own extends object>(
  context: OpenContext,
  control: OperationControl,
  own: Own,
): HandlerContext & Own {
  const input = Object.assign(new Input(control), context, own)
  return Object.defineProperty(input, 'signal', Input.signal) as unknown as HandlerContext & Own
}

class Input {
  /**
   * Most handlers never ask for the signal, and to make one costs more than all copies of a call. A property of each
   * object, so that copies have it; with one getter for all, since each getter of its own makes a hidden class.
   */
  static readonly signal: PropertyDescriptor & ThisType<Input> = {
    enumerable: true,
    get() {
      return this.#operation.signal
    },
  }

  readonly #operation: OperationControl['operation']

  constructor({ operation }: OperationControl) {
    this.#operation = operation
  }
}
