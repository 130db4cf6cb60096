/** One option of a verb. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean'
  /** One letter. */
  readonly short?: string
  /** May be given several times; the value is then a list. */
  readonly multiple?: boolean
  /** What stands for the value in the help, such as `PLAN`. */
  readonly value?: string
  /** What it does, in a few words. */
  readonly help: string
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>

type ValueOf<Spec extends OptionSpec> = Spec['type'] extends 'boolean'
  ? boolean
  : Spec extends { readonly multiple: true }
    ? string[]
    : string

/** What was given for the options; absent where nothing was. */
export type ValuesOf<Specs extends OptionSpecs> = { readonly [Name in keyof Specs]?: ValueOf<Specs[Name]> }
