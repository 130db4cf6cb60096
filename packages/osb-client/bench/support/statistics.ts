export interface Spread {
  readonly median: number
  readonly lowest: number
  readonly highest: number
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? Number.NaN
  return { median: at(0.5), lowest: at(0), highest: at(1) }
}

export type Verdict = 'reached' | 'missed' | 'inconclusive'

/**
 * Judges a ratio by its bar. Where the control, which should be 1, is off by more than half of what lies between bar
 * and ratio, nothing can be said.
 */
export function judge(ratio: number, bar: number, control: number): Verdict {
  if (Math.abs(control - 1) > Math.abs(ratio - bar) / 2) return 'inconclusive'
  return ratio >= bar ? 'reached' : 'missed'
}

export const twoDigits = (value: number): string => value.toFixed(2)
