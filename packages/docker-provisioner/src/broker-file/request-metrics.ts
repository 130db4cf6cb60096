import type { OutcomeReport } from 'osb-server'

interface Counted {
  count: number
  seconds: number
}

/** Counts what a broker answers, for Prometheus. */
export function requestMetrics() {
  const byLabels = new Map<string, Counted>()
  const onOutcome = ({ request, status, durationMs }: OutcomeReport): void => {
    const key = `operation="${request.operation ?? 'none'}",status="${status}"`
    const counted = byLabels.get(key) ?? { count: 0, seconds: 0 }
    counted.count += 1
    counted.seconds += durationMs / 1000
    byLabels.set(key, counted)
  }
  /** In the text format of Prometheus. */
  const text = () => {
    const entries = [...byLabels].sort(([a], [b]) => (a < b ? -1 : 1))
    return [
      '# HELP osb_request_duration_seconds Requests of platforms by operation and status.',
      '# TYPE osb_request_duration_seconds summary',
      ...entries.flatMap(([key, { count, seconds }]) => [
        `osb_request_duration_seconds_count{${key}} ${count}`,
        `osb_request_duration_seconds_sum{${key}} ${seconds}`,
      ]),
      '',
    ].join('\n')
  }
  return { onOutcome, text }
}
