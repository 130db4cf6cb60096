import { subscribe } from 'node:diagnostics_channel'
import { type CallEndReport, clientDiagnosticsChannels } from 'osb-client'

export function measure(record: (milliseconds: number, labels: object) => void): void {
  subscribe(clientDiagnosticsChannels.end, (message) => {
    const { call, durationMs, outcome, error, status } = message as CallEndReport
    record(durationMs, { operation: call.operation, broker: call.broker, outcome: outcome ?? error, status })
  })
}
