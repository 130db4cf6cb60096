/** The middle, lowest and highest of some values. */
export interface Spread {
  readonly median: number
  readonly lowest: number
  readonly highest: number
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN
  return { median: at(0.5), lowest: at(0), highest: at(1) }
}

export type Verdict = 'reached' | 'MISSED' | 'inconclusive'

/**
 * Judges a cost, as a multiple of the reference's, by the bar that it must not pass. Where the control, which should be
 * 1, is off by more than half of what lies between the two, nothing can be said.
 */
export function judge(cost: number, bar: number, control: number): Verdict {
  if (Math.abs(control - 1) > Math.abs(bar - cost) / 2) return 'inconclusive'
  return cost <= bar ? 'reached' : 'MISSED'
}

export function format({ median, lowest, highest }: Spread): string {
  return `${median.toFixed(2)} (${lowest.toFixed(2)}–${highest.toFixed(2)})`
}
