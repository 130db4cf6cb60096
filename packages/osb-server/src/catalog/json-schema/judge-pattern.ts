import { isSafePattern } from 'redos-detector'

/**
 * How a regular expression may behave on texts that are made for it: `bounded`; `many ways`, of which there are more
 * than is good, but not more for longer texts; `unbounded`, or not shown to be anything else within the time.
 */
export type PatternVerdict = 'bounded' | 'many ways' | 'unbounded'

/** Ways to match one text that do not matter; steps that decide alike on all machines; the time is for slow ones. */
const limits = { maxScore: 1000, maxSteps: 5000, timeout: 5000 }
const mostRemembered = 1000

const known = new Map<string, PatternVerdict>()

/**
 * Judges a pattern that is valid with the flag `u`, in a second or so for the worst of them; each is judged once. What
 * repeats without limit and is not shown to be bounded counts as unbounded, harmless patterns among it.
 */
export function judgePattern(pattern: string): PatternVerdict {
  const before = known.get(pattern)
  if (before) return before
  if (known.size >= mostRemembered) known.clear()
  const verdict = isBounded(pattern) ? 'bounded' : repeatsWithoutLimit(pattern) ? 'unbounded' : 'many ways'
  known.set(pattern, verdict)
  return verdict
}

function isBounded(pattern: string): boolean {
  try {
    // It reads no names of groups.
    return isSafePattern(pattern.replace(/\(\?<(?![=!])[^>]*>/g, '('), { ...limits, unicode: true }).safe
  } catch {
    return !repeatsWithoutLimit(pattern)
  }
}

/** Whether there is a `*`, `+` or `{n,}` outside of character classes, or a reference to what a group has matched. */
function repeatsWithoutLimit(pattern: string): boolean {
  if (/\\[1-9k]/.test(pattern)) return true
  const bare = pattern.replace(/\\./gsu, '_').replace(/\[[^\]]*\]/gsu, '_')
  return /[*+]|\{\d+,\}/.test(bare)
}
