/**
 * The four `error` codes of the protocol, each sent with status 422 (ERR-08). Exact and case-sensitive (T35).
 * @see spec.md, "Error Codes"
 */
export const errorCodes = {
  asyncRequired: 'AsyncRequired',
  concurrency: 'ConcurrencyError',
  requiresApp: 'RequiresApp',
  maintenanceInfoConflict: 'MaintenanceInfoConflict',
} as const

export type ErrorCode = (typeof errorCodes)[keyof typeof errorCodes]
