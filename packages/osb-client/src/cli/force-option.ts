import { askYes, canAsk } from './ask-yes.js'
import type { OptionSpecs, ValuesOf } from './option-specs.js'
import type { Shown, VerbContext } from './verb.js'

/** Of the verbs that delete: on a terminal these ask first, as those of cf do. */
export const forceOption = {
  force: { type: 'boolean', short: 'f', help: 'do not ask (only on a terminal anything is asked)' },
} as const satisfies OptionSpecs

/** What a verb shows when the answer was no. */
const cancelled: Shown = { json: { cancelled: true }, text: 'Cancelled: nothing was changed.\n' }

/**
 * Does what cannot be undone, once who sits at the terminal has agreed. Without a terminal nobody is asked: a script has
 * said what it wants.
 * @param what `delete service instance records`
 */
export async function onceAgreed(
  context: VerbContext<ValuesOf<typeof forceOption>>,
  what: string,
  work: () => Promise<Shown>,
): Promise<Shown> {
  const isAsked = context.values.force !== true && canAsk(context)
  return isAsked && !(await askYes(context, `Really ${what}?`)) ? cancelled : work()
}
