import { isStoreError } from './store-error.js'

const attempts = 3

/**
 * Does something again whose connection was lost. Only for what may be done twice: a write may have taken effect though
 * its answer was lost, and must not be repeated.
 */
export async function retryLost<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      const isLost = isStoreError(error) && error.code === 'UNREACHABLE'
      if (!isLost || attempt === attempts) throw error
    }
  }
}
