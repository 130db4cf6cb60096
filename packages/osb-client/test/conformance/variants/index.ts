import { answerVariants } from './answers.js'
import { catalogVariants } from './catalogs.js'
import { choiceVariants } from './choices.js'
import { unusualVariants } from './unusual.js'
import type { LegalVariant } from './variant.js'

/** Correct brokers that differ in what the specification leaves open; the reference is the first. */
export const variants: readonly LegalVariant[] = [
  ...choiceVariants,
  ...catalogVariants,
  ...answerVariants,
  ...unusualVariants,
]
