/** Why a run cannot begin. `code` is stable. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError'
  constructor(
    readonly code: 'NO_CATALOG' | 'NO_SUCH_PLAN' | 'NO_SUCH_CHECK' | 'DECLINED',
    message: string,
  ) {
    super(message)
  }
}
